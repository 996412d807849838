import { describe, expect, it } from '@jest/globals';
import type { Connection } from '../../../src/environment/connection.js';
import { Outbox } from '../../../src/peer/connection/outbox.js';
import type { Parcel } from '../../../src/peer/connection/outbox-content.js';
import { PeerClosedError } from '../../../src/peer/errors/peer-closed.error.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

/** A connection that takes bytes only when told to. */
class Tap {
  readonly writes: number[] = [];
  readonly #pending: (() => void)[] = [];
  #drained: () => void = () => undefined;
  open = true;

  write(bytes: Uint8Array, written: () => void): boolean {
    this.writes.push(bytes.length);
    if (this.open) queueMicrotask(written);
    else this.#pending.push(written);
    return this.open;
  }

  onDrain(drained: () => void): void {
    this.#drained = drained;
  }

  take(): void {
    this.open = true;
    for (const written of this.#pending.splice(0)) written();
    this.#drained();
  }
}

function boxOf(limits = { outboxMessages: 3, outboxBytes: 1000 }) {
  const clock = new VirtualClock();
  const tap = new Tap();
  const sent: string[] = [];
  let filled = 0;
  const box = new Outbox(tap as unknown as Connection, limits, clock, {
    sent: (command, bytes) => sent.push(`${command} ${bytes}`),
    writing: () => filled++,
  });
  return { box, tap, clock, sent, filled: () => filled };
}

function parcel(...sizes: number[]): Parcel {
  return { command: 'inv', frames: sizes.map((size) => new Uint8Array(size)), bytes: sizes.reduce((a, b) => a + b, 0) };
}

describe('an outbox', () => {
  it('holds everything but the handshake back until it is released', async () => {
    const { box, tap, clock } = boxOf();
    expect(box.offer(parcel(10))).toBe(true);
    box.writeFirst(parcel(5));
    await clock.advance(0);
    expect(tap.writes).toEqual([5]);
    box.release();
    expect(tap.writes).toEqual([5, 10]);
  });

  it('is bounded in messages and in bytes', () => {
    const { box } = boxOf();
    expect([box.offer(parcel(1)), box.offer(parcel(1)), box.offer(parcel(1)), box.offer(parcel(1))]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    const other = boxOf().box;
    expect([other.offer(parcel(600)), other.offer(parcel(600)), other.offer(parcel(400))]).toEqual([true, false, true]);
  });

  it('takes a parcel larger than itself when it is empty', () => {
    const { box } = boxOf();
    expect(box.offer(parcel(5000, 5000, 5000, 5000))).toBe(true);
    expect(box.offer(parcel(1))).toBe(false);
  });

  it('takes a parcel of several frames whole or not at all, and settles it when the last is out', async () => {
    const { box, tap, clock, sent } = boxOf();
    box.release();
    tap.open = false;
    expect(box.offer(parcel(1))).toBe(true);
    await clock.advance(0);
    expect(box.offer(parcel(1, 1))).toBe(true);
    expect(box.offer(parcel(1, 1))).toBe(false);
    let settled = false;
    const put = box.put(parcel(7, 7, 7)).then(() => (settled = true));
    tap.take();
    await clock.advance(0);
    await put;
    expect(settled).toBe(true);
    expect(sent).toEqual(['inv 1', 'inv 1', 'inv 1', 'inv 7', 'inv 7', 'inv 7']);
    expect(tap.writes).toEqual([1, 2 + 21]);
  });

  it('gives nobody the place of one who waits', async () => {
    const { box, tap, clock } = boxOf();
    box.release();
    tap.open = false;
    box.offer(parcel(900));
    await clock.advance(0);
    box.offer(parcel(900));
    const waiting = box.put(parcel(500));
    expect(box.offer(parcel(1))).toBe(false);
    tap.take();
    await clock.advance(0);
    await waiting;
    expect(box.offer(parcel(1))).toBe(true);
  });

  it('tells when its bytes go to the connection, and when they are taken', async () => {
    const { box, tap, clock } = boxOf();
    box.release();
    tap.open = false;
    const told: string[] = [];
    const put = box.put(parcel(10), {}, () => told.push('handed over')).then(() => told.push('taken'));
    expect(told).toEqual([]);
    await clock.advance(0);
    expect(told).toEqual(['handed over']);
    tap.take();
    await put;
    expect(told).toEqual(['handed over', 'taken']);
  });

  it('is stuck since the connection last took something', async () => {
    const { box, tap, clock, filled } = boxOf();
    box.release();
    expect(box.stuckSince).toBeUndefined();
    tap.open = false;
    await clock.advance(100);
    box.offer(parcel(10));
    expect(filled()).toBe(1);
    await clock.advance(50);
    expect(box.stuckSince).toBe(100);
    box.offer(parcel(10));
    tap.take();
    expect(box.stuckSince).toBe(150);
    await clock.advance(0);
    expect(box.stuckSince).toBeUndefined();
    expect(filled()).toBe(1);
  });

  it('tells whoever waits for it to be empty, also when the last one is withdrawn', async () => {
    const { box, clock } = boxOf();
    const put = box.put(parcel(10), { timeoutMs: 5 }).catch(({ code }: { code: string }) => code);
    let empty = false;
    const emptied = box.empty().then(() => (empty = true));
    await clock.advance(4);
    expect(empty).toBe(false);
    await clock.advance(1);
    await emptied;
    expect(await put).toBe('NEO_PEER_MAILBOX_FULL');
    await box.empty();
  });

  it('rejects everything when it closes', async () => {
    const { box, tap, clock } = boxOf();
    box.release();
    tap.open = false;
    const puts = [1, 2, 3, 4, 5].map((size) => box.put(parcel(size, size)).catch((error: unknown) => error));
    await clock.advance(0);
    const empty = box.empty();
    box.close(new PeerClosedError('idle'));
    await empty;
    for (const error of await Promise.all(puts)) expect(error).toMatchObject({ reason: 'idle' });
    expect(box.offer(parcel(1))).toBe(false);
    expect(box.hurry(parcel(1))).toBe(false);
    await expect(box.put(parcel(1))).rejects.toMatchObject({ reason: 'idle' });
    tap.take();
    expect(clock.pending).toBe(0);
  });
});
