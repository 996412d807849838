/** What an idle peer takes that is ready, beside a bare socket: the difference between few and many. */
import { once } from 'node:events';
import { join } from 'node:path';
import { median } from '../measure.mjs';
import { OTHER_CORE, spawnNode } from '../pinned.mjs';

const ROUNDS = 7;
const FEW = 500;
const MANY = 2500;
const KIB = 1024;

const worker = (name) => join(import.meta.dirname, `../workers/${name}.mjs`);
const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];

/** @param {'peers' | 'bare'} kind; @returns KiB a socket */
async function memoryOf(kind) {
  const holder = spawnNode(['--expose-gc', worker('sockets'), kind], { stdio });
  const port = await answerOf(holder);
  const remotes = spawnNode([worker('remotes'), String(port)], { stdio, core: OTHER_CORE });
  try {
    const few = await memoryWith(holder, remotes, FEW);
    const many = await memoryWith(holder, remotes, MANY);
    const each = (field) => (many[field] - few[field]) / (MANY - FEW) / KIB;
    return { rss: each('rss'), heap: each('heapUsed') };
  } finally {
    const gone = [once(holder, 'exit'), once(remotes, 'exit')];
    holder.kill();
    remotes.kill();
    await Promise.all(gone);
  }
}

async function memoryWith(holder, remotes, count) {
  remotes.send(count);
  await answerOf(remotes);
  holder.send(count);
  return answerOf(holder);
}

async function answerOf(child) {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`a process ended with ${signal ?? code}`);
  });
  const answer = once(child, 'message').then(([message]) => message);
  return Promise.race([answer, ended]);
}

const memory = {
  entries: [
    {
      name: 'memory per idle ready peer, difference between 500 and 2500 sockets: RSS',
      baseline: 'bare socket with a data listener',
      required: 2,
      better: 'lower',
      unit: 'KiB a peer',
    },
    {
      name: 'memory per idle ready peer, difference between 500 and 2500 sockets: heap, KiB more than a bare socket',
      baseline: 'none',
      required: 3,
      better: 'lower',
      unit: 'KiB a peer',
      step: 0.5,
    },
  ],
  short: false,
  needsPeers: false,
  nodeFlags: [],
  measure: async () => {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const told = {};
      for (const kind of round % 2 === 0 ? ['peers', 'bare'] : ['bare', 'peers']) told[kind] = await memoryOf(kind);
      rounds.push(told);
    }
    const over = (value) => median(rounds.map(value));
    return [
      { ratio: over(({ peers, bare }) => peers.rss / bare.rss), median: over(({ peers }) => peers.rss), runs: ROUNDS },
      {
        ratio: over(({ peers, bare }) => peers.heap - bare.heap),
        median: over(({ peers }) => peers.heap),
        runs: ROUNDS,
      },
    ];
  },
};

export const rows = [memory];
