import * as fc from 'fast-check';
import type { Ban } from '../../../src/persistence/ban.js';

/** A block of the sixteen addresses that the tests ban in: of `192.0.2.0/28` or of `2001:db8::/124`. */
export interface Block {
  readonly family: 4 | 6;
  /** The last number of its first address. */
  readonly first: number;
  /** How many addresses: 1, 2, 4, 8 or 16; `first` is a multiple. */
  readonly size: number;
}

export const ADDRESSES: readonly Block[] = ([4, 6] as const).flatMap((family) =>
  Array.from({ length: 16 }, (_, first) => ({ family, first, size: 1 })),
);

export function subjectOf({ family, first, size }: Block): string {
  if (family === 4) return `192.0.2.${first}${size === 1 ? '' : `/${32 - Math.log2(size)}`}`;
  const host = first === 0 ? '2001:db8::' : `2001:db8::${first.toString(16)}`;
  return `${host}${size === 1 ? '' : `/${128 - Math.log2(size)}`}`;
}

export function blocks(): fc.Arbitrary<Block> {
  const parts = fc.record({
    family: fc.constantFrom(4 as const, 6 as const),
    at: fc.nat({ max: 15 }),
    log: fc.nat({ max: 4 }),
  });
  return parts.map(({ family, at, log }) => ({ family, first: at - (at % 2 ** log), size: 2 ** log }));
}

/** What the tests do to a list of bans. */
export type Step =
  | {
      readonly kind: 'put';
      readonly block: Block;
      readonly author: Ban['author'];
      readonly lastsMs: number;
      readonly dryRun: boolean;
    }
  | { readonly kind: 'lift'; readonly block: Block }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'save'; readonly fails: boolean };

export function steps(): fc.Arbitrary<Step[]> {
  const put = fc.record({
    kind: fc.constant('put' as const),
    block: blocks(),
    author: fc.constantFrom('automatic' as const, 'operator' as const),
    lastsMs: fc.nat({ max: 8 }),
    dryRun: fc.boolean(),
  });
  const lift = fc.record({ kind: fc.constant('lift' as const), block: blocks() });
  const wait = fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 4 }) });
  const save = fc.record({ kind: fc.constant('save' as const), fails: fc.boolean() });
  const step = fc.oneof({ weight: 5, arbitrary: put }, { weight: 2, arbitrary: lift }, wait, save);
  return fc.array(step, { maxLength: 30 });
}

/** What a step bans. */
export function banOf(step: Step & { readonly kind: 'put' }, nowMs: number): Ban {
  return {
    subject: subjectOf(step.block),
    reason: 'malformed',
    author: step.author,
    sinceMs: 0,
    untilMs: nowMs + step.lastsMs,
    dryRun: step.dryRun,
  };
}

interface Held {
  readonly block: Block;
  readonly ban: Ban;
}

/** Bans as sets of single addresses: slow, and simple enough to be believed. */
export class NaiveBans {
  #held: Held[] = [];

  put(block: Block, ban: Ban, nowMs: number): void {
    this.#expire(nowMs);
    if (ban.untilMs <= nowMs) return;
    const there = this.#held.find((held) => isSame(held.block, block));
    if (there !== undefined && !this.#isStronger(ban, there.ban)) return;
    this.#held = [...this.#held.filter((held) => held !== there), { block, ban }];
  }

  lift(block: Block, nowMs: number): void {
    this.#expire(nowMs);
    const touched = this.#held.filter((held) => overlap(held.block, block));
    this.#held = this.#held.filter((held) => !touched.includes(held));
    for (const { block: whole, ban } of touched) {
      for (const rest of without(whole, block)) {
        const there = this.#held.find((held) => isSame(held.block, rest));
        const kept = { block: rest, ban: { ...ban, subject: subjectOf(rest) } };
        if (there !== undefined && !isLonger(ban, there.ban)) continue;
        this.#held = [...this.#held.filter((held) => held !== there), kept];
      }
    }
  }

  decide(address: Block, nowMs: number): Ban | undefined {
    const covering = this.#held.filter(({ block, ban }) => {
      return overlap(block, address) && ban.untilMs > nowMs && ban.dryRun === false;
    });
    const latest = Math.max(...covering.map(({ ban }) => ban.untilMs));
    const last = covering.filter(({ ban }) => ban.untilMs === latest);
    return last.toSorted((a, b) => a.block.size - b.block.size)[0]?.ban;
  }

  list(nowMs: number): readonly Ban[] {
    this.#expire(nowMs);
    const sorted = this.#held.toSorted(({ block: a }, { block: b }) => {
      return a.family - b.family || a.first - b.first || b.size - a.size;
    });
    return sorted.map(({ ban }) => ban);
  }

  #expire(nowMs: number): void {
    this.#held = this.#held.filter(({ ban }) => ban.untilMs > nowMs);
  }

  #isStronger(ban: Ban, there: Ban): boolean {
    if (ban.author === 'operator' || there.author === 'operator') return ban.author === 'operator';
    return ban.dryRun === there.dryRun ? ban.untilMs > there.untilMs : ban.dryRun === false;
  }
}

/** What counts first comes first. */
function worthOf({ dryRun, untilMs, author }: Ban): number[] {
  return [dryRun ? 0 : 1, untilMs, author === 'operator' ? 1 : 0];
}

function isLonger(ban: Ban, there: Ban): boolean {
  const [mine, theirs] = [worthOf(ban), worthOf(there)];
  const first = mine.findIndex((value, i) => value !== theirs[i]);
  return first >= 0 && mine[first]! > theirs[first]!;
}

function isSame(a: Block, b: Block): boolean {
  return a.family === b.family && a.first === b.first && a.size === b.size;
}

function overlap(a: Block, b: Block): boolean {
  return a.family === b.family && a.first < b.first + b.size && b.first < a.first + a.size;
}

/** The largest blocks that are made of the addresses left. */
function without(whole: Block, part: Block): readonly Block[] {
  if (!overlap(whole, part)) return [whole];
  if (whole.size === 1) return [];
  const half = whole.size / 2;
  const halves = [whole.first, whole.first + half].map((first) => ({ family: whole.family, first, size: half }));
  return halves.flatMap((block) => without(block, part));
}
