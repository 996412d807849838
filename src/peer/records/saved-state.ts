import type { Ban } from '../../persistence/ban.js';
import type { StoreChanges } from '../../persistence/peer-store.js';

/** Changes of what {@link SavedState} keeps. */
export type StateChanges = Required<Pick<StoreChanges, 'bans' | 'settings'>>;

/**
 * What the room above keeps in the store beside rows: bans, and settings of its own. No method throws.
 *
 * @internal
 */
export abstract class SavedState {
  /**
   * Takes in what the store has, before any row comes; merged with what was put since. Called again when a store that was
   * away is back.
   */
  abstract restore(bans: readonly Ban[], settings: ReadonlyMap<string, string>): void;
  /** What changed since the last time. */
  abstract takeChanges(): StateChanges;
  /** It could not be saved: it will be taken again. */
  abstract giveBack(changes: StateChanges): void;
  /** Everything counts as changed: the store may be another one now. */
  abstract sendAll(): void;
}
