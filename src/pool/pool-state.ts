import type { Clock } from '../environment/clock.js';
import type { RandomSource } from '../environment/random-source.js';
import type { Ban } from '../persistence/ban.js';
import { SavedState, type StateChanges } from '../peer/records/saved-state.js';
import { BanList } from './bans/ban-list.js';

/** Bytes of the secret that tells where addresses stand in the book: as many as SHA-256 makes use of. */
const SECRET_BYTES = 32;
const SECRET = /^[0-9a-f]{64}$/;

/** Names of the pool's settings in the store. */
export const SettingName = Object.freeze({
  /** Hex of the book's secret. */
  bookSecret: 'book-secret',
  /** The last outbound peers, as JSON: a list of `host:port`. */
  anchors: 'anchors',
  /** When seeds may be tried again, as JSON. */
  seedBackoff: 'seed-backoff',
  /** Which bans are of clients that we had chosen, as JSON: by subject, when the ban began. */
  chosenBans: 'chosen-bans',
} as const);

/** @internal */
export type SettingName = (typeof SettingName)[keyof typeof SettingName];

/**
 * What the pool keeps in the store beside rows of peers: bans, and settings.
 *
 * @internal
 */
export class PoolState extends SavedState {
  readonly bans: BanList;
  readonly #random: RandomSource;
  readonly #settings = new Map<string, string>();
  #changed = new Set<string>();

  constructor(clock: Clock, random: RandomSource) {
    super();
    this.bans = new BanList(clock);
    this.#random = random;
  }

  setting(name: SettingName): string | undefined {
    return this.#settings.get(name);
  }

  /** Keeps a setting; it is saved with all else. */
  set(name: SettingName, value: string): void {
    if (this.#settings.get(name) === value) return;
    this.#settings.set(name, value);
    this.#changed.add(name);
  }

  /** The book's secret; made when the store has none. */
  bookSecret(): Uint8Array {
    const known = this.setting(SettingName.bookSecret);
    if (known !== undefined && SECRET.test(known)) return Buffer.from(known, 'hex');
    const made = Buffer.from(this.#random.bytes(SECRET_BYTES));
    this.set(SettingName.bookSecret, made.toString('hex'));
    return made;
  }

  override restore(bans: readonly Ban[], settings: ReadonlyMap<string, string>): void {
    this.bans.restore(bans);
    for (const [name, value] of settings) if (!this.#changed.has(name)) this.#settings.set(name, value);
  }

  override takeChanges(): StateChanges {
    const settings = new Map([...this.#changed].map((name) => [name, this.#settings.get(name) ?? '']));
    this.#changed = new Set();
    return { bans: this.bans.takeChanges(), settings };
  }

  override giveBack({ bans, settings }: StateChanges): void {
    this.bans.giveBack({ put: [...bans.put], removed: [...bans.removed] });
    for (const name of settings.keys()) this.#changed.add(name);
  }

  override sendAll(): void {
    this.bans.giveBack({ put: [...this.bans.list()], removed: [] });
    for (const name of this.#settings.keys()) this.#changed.add(name);
  }
}
