/** Whole processes, from nothing until they listen. */
import { once } from 'node:events';
import { join } from 'node:path';
import { wallTime } from '../measure.mjs';
import { fill } from '../peer-store.mjs';
import { spawnNode } from '../pinned.mjs';
import { comparison } from '../row.mjs';
import { scratchFolder } from '../scratch-folder.mjs';

/**
 * An application as a side: a turn is so many starts, each until it listens. Its end isn't counted, but waited for.
 *
 * @returns {import('../measure.mjs').Side}
 */
function starts(application, database) {
  const start = async () => {
    const beganAt = wallTime();
    const child = spawnNode([join(import.meta.dirname, `../workers/${application}.mjs`), database], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let ms;
    child.once('message', () => (ms = wallTime() - beganAt));
    const [code] = await once(child, 'exit');
    if (code !== 0 || ms === undefined) throw new Error(`${application} ended with ${code}`);
    return ms;
  };
  return {
    once: async () => ((await start()) > 0 ? 1 : 0),
    turn: async (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += await start();
      return sum;
    },
  };
}

const start = comparison({
  name: 'whole process start with PeerModule until listening',
  baseline: 'an application with TypeOrmModule alone',
  required: 1.2,
  better: 'lower',
  unit: 'ms',
  slow: true,
  prepare: async () => {
    const folder = scratchFolder();
    const [ours, theirs] = [join(folder, 'peers.sqlite'), join(folder, 'typeorm.sqlite')];
    await fill(ours, []); // neither has to make tables, as at every start but the first
    return { subject: starts('with-peers', ours), baseline: starts('with-typeorm', theirs) };
  },
});

export const rows = [start];
