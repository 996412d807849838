import { describe, expect, it } from '@jest/globals';
import { planOf } from '../../../src/pool/book/book-plan.js';
import type { BookRecord } from '../../../src/pool/book/book-record.js';
import { KeyedPlaces } from '../../../src/pool/book/keyed-places.js';
import { BookLab, groupOf24, hostIn } from './book-lab.js';

const PLAN = planOf(20_000);
const lab = new BookLab();

function placesWith(secretByte: number): KeyedPlaces {
  return new KeyedPlaces(new Uint8Array(32).fill(secretByte), PLAN, groupOf24);
}

function rowsIn(network: number, count: number): BookRecord[] {
  return Array.from({ length: count }, (_, i) => lab.row(hostIn(network, i % 256), { port: 1 + Math.floor(i / 256) }));
}

function bucketsOf(places: Iterable<number>): Set<number> {
  return new Set(Array.from(places, (place) => Math.floor(place / 64)));
}

describe('the places of addresses', () => {
  const rows = lab.rows(2000);

  it('follow from the secret', () => {
    const [a, b, other] = [placesWith(1), placesWith(1), placesWith(2)];
    expect(rows.map((row) => a.fresh(row, '10.0.0.1'))).toEqual(rows.map((row) => b.fresh(row, '10.0.0.1')));
    expect(rows.map((row) => a.tried(row))).toEqual(rows.map((row) => b.tried(row)));
    const same = rows.filter((row) => a.fresh(row, '10.0.0.1') === other.fresh(row, '10.0.0.1'));
    expect(same.length).toBeLessThan(20);
    expect(rows.filter((row) => a.tried(row) === other.tried(row)).length).toBeLessThan(20);
  });

  it('do not depend on what happens to the array of the secret later', () => {
    const secret = new Uint8Array(32).fill(1);
    const places = new KeyedPlaces(secret, PLAN, groupOf24);
    secret.fill(9);
    expect(places.tried(rows[0]!)).toBe(placesWith(1).tried(rows[0]!));
  });

  it('are in the tables, and everywhere in them', () => {
    const places = placesWith(1);
    const fresh = rows.map((row, i) => places.fresh(row, hostIn(5000 + i, 1)));
    const tried = rows.map((row) => places.tried(row));
    expect(Math.max(...fresh)).toBeLessThan(PLAN.fresh.buckets * 64);
    expect(Math.max(...tried)).toBeLessThan(PLAN.tried.buckets * 64);
    expect(bucketsOf(fresh).size).toBeGreaterThan(245);
    expect(bucketsOf(tried).size).toBe(PLAN.tried.buckets);
    expect(new Set(fresh.map((place) => place % 64)).size).toBe(64);
  });

  it('in new are in few buckets for one group of sources, in others for the next', () => {
    const places = placesWith(1);
    const toldBy = (source: string): Set<number> => bucketsOf(rows.map((row) => places.fresh(row, source)));
    expect(toldBy('10.0.0.1').size).toBeLessThanOrEqual(PLAN.fresh.reach);
    expect(toldBy('10.0.0.1')).toEqual(toldBy('10.0.0.99'));
    expect(toldBy('10.0.0.1')).not.toEqual(toldBy('10.0.1.1'));
  });

  it('in new are in one bucket for one group of addresses from one group of sources', () => {
    const places = placesWith(1);
    expect(bucketsOf(rowsIn(3, 600).map((row) => places.fresh(row, '10.0.0.1'))).size).toBe(1);
  });

  it('in tried are in few buckets for one group of addresses', () => {
    const places = placesWith(1);
    const buckets = bucketsOf(rowsIn(3, 5000).map((row) => places.tried(row)));
    expect(buckets.size).toBeLessThanOrEqual(PLAN.tried.reach);
    expect(buckets.size).toBeGreaterThan(1);
  });

  it('are others for another port', () => {
    const places = placesWith(1);
    const ports = Array.from({ length: 200 }, (_, i) => places.fresh(lab.row('1.2.3.4', { port: i + 1 }), '10.0.0.1'));
    expect(new Set(ports).size).toBeGreaterThan(40);
  });

  it('need a secret that nobody can guess', () => {
    expect(() => new KeyedPlaces(new Uint8Array(15), PLAN, groupOf24)).toThrow(RangeError);
    expect(() => new KeyedPlaces(new Uint8Array(16), PLAN, groupOf24)).not.toThrow();
  });
});
