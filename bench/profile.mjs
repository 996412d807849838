/** What Node's profiler sampled, as a tree of calls. */
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What stands at the root of the samples of a thread that does nothing, or of the profiler. */
const NOT_WORK = new Set(['(idle)', '(program)']);

/**
 * @typedef {object} Call
 * @property {string} name of the function, and the file it is in
 * @property {'ours' | 'nest' | 'node' | 'native'} origin
 * @property {number} us microseconds, those of what it called included
 * @property {Map<string, Call>} calls
 */

/**
 * @param {object} profile as `Profiler.stop` gives it
 * @param {(frame: { functionName: string, url: string }) => boolean} leaveOut calls to leave out with all below them
 * @returns {Call} the root
 */
export function callTreeOf(profile, leaveOut) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const top = { name: 'all', origin: 'node', us: 0, calls: new Map() };
  for (const [i, id] of profile.samples.entries()) {
    const frames = [];
    for (let at = id; at !== undefined; at = parents.get(at)) frames.unshift(nodes.get(at).callFrame);
    if (!frames.some((frame) => NOT_WORK.has(frame.functionName) || leaveOut(frame))) {
      add(top, frames.slice(1), profile.timeDeltas[i]);
    }
  }
  return top;
}

function add(top, frames, us) {
  let call = top;
  call.us += us;
  for (const frame of frames) {
    const name = nameOf(frame);
    const known = call.calls.get(name);
    const next = known ?? { name, origin: originOf(frame), us: 0, calls: new Map() };
    if (known === undefined) call.calls.set(name, next);
    next.us += us;
    call = next;
  }
}

function nameOf({ functionName, url }) {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} · ${pathOf(url)}`;
}

function pathOf(url) {
  if (!url.startsWith('file:')) return url;
  const path = fileURLToPath(url);
  const [, inPackage] = path.split('/node_modules/');
  return inPackage ?? path.slice(root.length + 1).replace(/^dist\//, '');
}

function originOf({ url }) {
  if (url === '') return 'native';
  if (url.startsWith('node:')) return 'node';
  return url.includes('/node_modules/') ? 'nest' : 'ours';
}
