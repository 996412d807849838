/**
 * NEO-ONE as a baseline, in a process of its own: beside it, our turns would pay for its garbage (one block of it made them
 * twice as slow). It works only in its turns, on the same core, and times itself.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';

/**
 * @param {string} what one of the functions of `neo-one.mjs`
 * @returns {import('./measure.mjs').Side & { close: () => void }}
 */
export function neoOneSide(what) {
  const child = fork(join(import.meta.dirname, 'neo-one.mjs'), [what], { execArgv: [] });
  const ask = (question) =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`NEO-ONE's process ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (answer) => {
        child.off('exit', ended);
        resolve(answer);
      });
      child.send(question);
    });
  return {
    once: () => ask({ once: true }),
    turn: (count) => ask({ turn: count }),
    close: () => child.disconnect(),
  };
}
