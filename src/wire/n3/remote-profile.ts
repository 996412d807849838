import { ORDINARY_NODE, type RemoteProfile } from '../common/remote-profile.js';
import { MAX_HEADERS } from './limits.js';

/** What may be expected of every node: pongs, and nothing of what only one implementation has. */
const COMMON: Omit<RemoteProfile, 'implementation'> = {
  ...ORDINARY_NODE,
  answersPings: true,
  headersPerAnswer: MAX_HEADERS,
};

/** The C# node. It ignores commands it doesn't know, but not an unknown type of inventory. */
const neoCli: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-cli',
  dropsNotaryInventory: true,
  acceptsFilters: true,
  answersMempool: true,
});

/** neo-go of the third line. It closes the connection on every command that is unknown, unwanted or switched off. */
const neoGo: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-go',
  dropsFilters: true,
  dropsAlerts: true,
  dropsExtensions: true,
  dropsSecondLink: true,
  servesRepeats: true,
  answersMempool: true,
});

/** neo-mamba, a client: it answers pings (with height 0) and serves the transactions it relays itself, nothing else. */
const neoMamba: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-mamba',
  servesRepeats: true,
});

/** Another application with this library in it. What isn't built in is left to its handlers, so it isn't expected. */
const ourselves: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'nestjs-neo-peer',
  servesRepeats: true,
});

const unknown: RemoteProfile = Object.freeze({ ...COMMON, implementation: 'unknown', answersPings: false });

/** The first row that fits counts. Rows match the beginning of a user agent. */
const table: readonly { readonly agent: RegExp; readonly profile: RemoteProfile }[] = [
  { agent: /^\/NEO-GO/, profile: neoGo },
  { agent: /^\/Neo:3\./, profile: neoCli },
  { agent: /^NEO-MAMBA/i, profile: neoMamba },
  { agent: /^\/nestjs-neo-peer:/, profile: ourselves },
];

/** What is known of a node that announces this user agent. No two versions of a program differ in what is asked here. */
export function remoteProfile(userAgent: string): RemoteProfile {
  return table.find(({ agent }) => agent.test(userAgent))?.profile ?? unknown;
}
