import type { Ban } from '../../persistence/ban.js';
import { SettingName, type PoolState } from '../pool-state.js';

/**
 * Which bans that hold are of clients that we had chosen. It is kept with the settings, beside the bans: a node that is
 * restarted again and again, because it loses its peers, must not begin to count anew each time.
 *
 * @internal
 */
export class ChosenBans {
  constructor(private readonly state: Pick<PoolState, 'bans' | 'setting' | 'set'>) {}

  /** How many hold: not those that are over, were lifted or cut, or that an operator has replaced. */
  get count(): number {
    return this.#holding().length;
  }

  /** Notes an automatic ban of such a client, which is in the list. */
  add({ subject, sinceMs }: Ban): void {
    const noted = Object.fromEntries([...this.#holding(), [subject, sinceMs]]);
    this.state.set(SettingName.chosenBans, JSON.stringify(noted));
  }

  /** A subject that has another ban by now isn't one of them: that it began at the same time tells the two apart. */
  #holding(): readonly (readonly [subject: string, sinceMs: unknown])[] {
    return parsed(this.state.setting(SettingName.chosenBans)).filter(([subject, sinceMs]) => {
      const ban = this.state.bans.find(subject);
      return ban?.author === 'automatic' && ban.sinceMs === sinceMs;
    });
  }
}

/** Nothing for what isn't ours. */
function parsed(text: string | undefined): readonly (readonly [subject: string, sinceMs: unknown])[] {
  if (text === undefined) return [];
  try {
    return Object.entries((JSON.parse(text) ?? {}) as object);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}
