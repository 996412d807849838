import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StateChanges } from '../../src/peer/records/saved-state.js';
import { PoolState, SettingName } from '../../src/pool/pool-state.js';
import { SeededRandom, VirtualClock } from '../../src/testing/index.js';
import { ban } from '../support/records.js';

const SECRET = 'ab'.repeat(32);

let clock: VirtualClock;
let state: PoolState;
beforeEach(() => {
  clock = new VirtualClock();
  state = new PoolState(clock, new SeededRandom(1));
});

const lasting = (subject: string) => ban({ subject, untilMs: clock.now() + 1000, dryRun: false });
const plain = ({ bans, settings }: StateChanges) => ({
  put: [...bans.put].map(({ subject }) => subject),
  removed: [...bans.removed],
  settings: Object.fromEntries(settings),
});
const nothing = { put: [], removed: [], settings: {} };

describe('what the pool keeps in the store', () => {
  it('is handed out once, when it changed', () => {
    expect(plain(state.takeChanges())).toEqual(nothing);
    state.set(SettingName.anchors, '[]');
    state.bans.put(lasting('30.1.0.1'));
    expect(plain(state.takeChanges())).toEqual({ put: ['30.1.0.1'], removed: [], settings: { anchors: '[]' } });
    expect(plain(state.takeChanges())).toEqual(nothing);
    state.set(SettingName.anchors, '[]');
    expect(plain(state.takeChanges())).toEqual(nothing);
  });

  it('is handed out again when it could not be saved, as it is by then', () => {
    state.set(SettingName.anchors, 'old');
    state.bans.put(lasting('30.1.0.1'));
    const taken = state.takeChanges();
    state.set(SettingName.anchors, 'new');
    state.giveBack(taken);
    expect(plain(state.takeChanges())).toEqual({ put: ['30.1.0.1'], removed: [], settings: { anchors: 'new' } });
  });

  it('is all handed out when the store may be another one', () => {
    state.restore([lasting('30.1.0.1')], new Map([[SettingName.bookSecret, SECRET]]));
    expect(plain(state.takeChanges())).toEqual(nothing);
    state.sendAll();
    expect(plain(state.takeChanges())).toEqual({
      put: ['30.1.0.1'],
      removed: [],
      settings: { [SettingName.bookSecret]: SECRET },
    });
  });

  it('comes back from the store, save for what was set meanwhile', () => {
    state.set(SettingName.anchors, 'mine');
    const stored = new Map<string, string>([
      [SettingName.anchors, 'stored'],
      [SettingName.seedBackoff, 'stored'],
      ['of a newer version', 'x'],
    ]);
    state.restore([lasting('30.1.0.1')], stored);
    expect(state.setting(SettingName.anchors)).toBe('mine');
    expect(state.setting(SettingName.seedBackoff)).toBe('stored');
    expect(state.bans.list()).toMatchObject([{ subject: '30.1.0.1' }]);
    expect(plain(state.takeChanges()).settings).toEqual({ anchors: 'mine' });
  });
});

describe('the secret of the book', () => {
  it('is that of the store', () => {
    state.restore([], new Map([[SettingName.bookSecret, SECRET]]));
    expect(Buffer.from(state.bookSecret()).toString('hex')).toBe(SECRET);
    expect(plain(state.takeChanges()).settings).toEqual({});
  });

  it.each([undefined, '', 'ab', 'zz'.repeat(32), `${SECRET}\n`, SECRET.toUpperCase()])(
    'is made, and kept, where the store has %j',
    (text) => {
      if (text !== undefined) state.restore([], new Map([[SettingName.bookSecret, text]]));
      const secret = state.bookSecret();
      expect(secret).toHaveLength(32);
      expect(state.bookSecret()).toEqual(secret);
      expect(plain(state.takeChanges()).settings).toEqual({
        [SettingName.bookSecret]: Buffer.from(secret).toString('hex'),
      });
      expect(new PoolState(clock, new SeededRandom(2)).bookSecret()).not.toEqual(secret);
    },
  );
});
