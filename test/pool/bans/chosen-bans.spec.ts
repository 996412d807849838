import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Ban } from '../../../src/persistence/ban.js';
import { Subnet } from '../../../src/pool/addresses/subnet.js';
import { ChosenBans } from '../../../src/pool/bans/chosen-bans.js';
import { PoolState, SettingName } from '../../../src/pool/pool-state.js';
import { SeededRandom, VirtualClock } from '../../../src/testing/index.js';
import { ban } from '../../support/records.js';

const HOUR_MS = 3_600_000;

let clock: VirtualClock;
let state: PoolState;
let chosen: ChosenBans;
beforeEach(() => {
  clock = new VirtualClock();
  state = new PoolState(clock, new SeededRandom(1));
  chosen = new ChosenBans(state);
});

function banned(subject: string, given: Partial<Ban> = {}): Ban {
  const sinceMs = clock.now();
  const made = ban({ subject, author: 'automatic', sinceMs, untilMs: sinceMs + HOUR_MS, dryRun: false, ...given });
  state.bans.put(made);
  return made;
}

describe('bans of clients that we had chosen', () => {
  it('are counted for as long as they hold, each once, and no others', async () => {
    expect(chosen.count).toBe(0);
    chosen.add(banned('30.1.0.1'));
    const last = banned('2600:1:2:3::/64', { untilMs: clock.now() + 2 * HOUR_MS });
    chosen.add(last);
    chosen.add(last);
    banned('30.9.0.1');
    expect(chosen.count).toBe(2);
    await clock.advance(HOUR_MS - 1);
    expect(chosen.count).toBe(2);
    await clock.advance(1);
    expect(chosen.count).toBe(1);
  });

  it('count no more once they are lifted or cut, or an operator has made them their own', () => {
    for (const subject of ['30.1.0.1', '30.2.0.1', '2600:1:2:3::/64', '30.4.0.1']) chosen.add(banned(subject));
    state.bans.lift(Subnet.parse('30.1.0.1')!);
    state.bans.lift(Subnet.parse('2600:1:2:3::1')!);
    banned('30.2.0.1', { author: 'operator' });
    expect(chosen.count).toBe(1);
  });

  it('count no more when the subject is banned anew, for what somebody did who came to us', async () => {
    chosen.add(banned('30.1.0.1'));
    await clock.advance(HOUR_MS);
    banned('30.1.0.1');
    expect(chosen.count).toBe(0);
  });

  it('are found in whatever text their address was given', () => {
    chosen.add(banned('2600:1:2:3:0:0:0:0/64'));
    expect(chosen.count).toBe(1);
  });

  it('are known again after a restart', async () => {
    for (const subject of ['30.1.0.1', '30.2.0.1']) chosen.add(banned(subject));
    banned('30.3.0.1');
    const { bans, settings } = state.takeChanges();
    const later = new PoolState(clock, new SeededRandom(2));
    later.restore([...bans.put], settings);
    expect(new ChosenBans(later).count).toBe(2);
    await clock.advance(HOUR_MS);
    expect(new ChosenBans(later).count).toBe(0);
  });

  it('are noted only while they hold, however many there have been', async () => {
    for (let i = 0; i < 50; i++) {
      chosen.add(banned(`30.${i}.0.1`));
      await clock.advance(HOUR_MS / 2);
    }
    expect(Object.keys(JSON.parse(state.setting(SettingName.chosenBans)!) as object)).toEqual([
      '30.48.0.1',
      '30.49.0.1',
    ]);
  });

  it.each(['no JSON', 'null', '17', '"30.1.0.1"', '["30.1.0.1"]', '{"30.1.0.1":"x","nonsense":1}'])(
    'are none where the store has %s',
    (text) => {
      banned('30.1.0.1');
      state.restore([], new Map([[SettingName.chosenBans, text]]));
      expect(chosen.count).toBe(0);
      chosen.add(banned('30.2.0.1'));
      expect(chosen.count).toBe(1);
    },
  );
});
