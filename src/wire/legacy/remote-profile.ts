import { ORDINARY_NODE, type RemoteProfile } from '../common/remote-profile.js';
import { MAX_HEADERS } from './limits.js';

/** Major, minor, patch. */
type Version = readonly [number, number, number];

/**
 * What may be expected of every node: version, verack, addresses, headers, inventory, blocks and transactions. The
 * C# node answers most strictly, so an unknown agent is treated like it, minus what only some versions have.
 */
const COMMON: Omit<RemoteProfile, 'implementation'> = { ...ORDINARY_NODE, headersPerAnswer: MAX_HEADERS };

/** One row of the table: who writes such a user agent, and what is known of it. */
interface Row {
  readonly agent: RegExp;
  readonly profile: (version: Version | undefined) => RemoteProfile;
}

/** The first row that fits counts. Rows match the beginning of a user agent and capture its version. */
const table: readonly Row[] = [
  { agent: /^\/NEO-GO\/$/, profile: () => neoGoLibrary },
  { agent: /^\/NEO-GO:(\d+)?\.?(\d+)?\.?(\d+)?/, profile: (version) => profileAt(version, NEO_GO) },
  { agent: /^NEO:neo-one-js:/, profile: () => neoOne },
  { agent: /^\/NEO-PYTHON:/i, profile: () => neoPython },
  { agent: /^\/neo:(2)\.(\d+)(?:\.(\d+))?/i, profile: (version) => profileAt(version, NEO_CLI) },
  { agent: /^\/nestjs-neo-peer:/, profile: () => ourselves },
];

/** CityOfZion/neo-go before its second line: knows no ping, and no unknown command is forgiven. */
const neoGoLibrary: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-go-library',
  dropsPings: true,
  dropsFilters: true,
  dropsStateRoots: true,
});

/** NEO-ONE 2.x. It keeps five hundred headers an answer, knows no state roots, and turns reads round. */
const neoOne: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-one',
  reversesReads: true,
  headersPerAnswer: 500,
  withholdsTip: true,
  dropsSecondLink: true,
  servesRepeats: true,
  dropsStateRoots: true, // unknown commands, and an undefined inventory type
  dropsConsensus: true, // it decodes the three oldest message types only
  acceptsFilters: true,
  answersMempool: true,
});

/** neo-python takes pongs, but ignores pings, getheaders, mempool and filters; getdata finds what it relayed itself, again and again. */
const neoPython: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-python',
  servesRepeats: true,
});

/** Another application with this library in it. Filter commands and state roots are left to its handlers, so nothing is expected. */
const ourselves: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'nestjs-neo-peer',
  answersPings: true,
  servesRepeats: true,
});

const unknown: RemoteProfile = Object.freeze({ ...COMMON, implementation: 'unknown' });

/** From a version on, what is known of a node. All of such versions share the object: every peer holds one for as long as it lives. */
interface Release {
  readonly since: Version;
  readonly profile: RemoteProfile;
}

const FIRST: Version = [0, 0, 0];

/** neo-go 2.x, versions 0.60 to 0.78. */
const NEO_GO: readonly Release[] = [
  { since: [0, 76, 0], profile: neoGo(true, true) }, // "cross-chain support" in its changelog
  { since: [0, 72, 0], profile: neoGo(true, false) },
  { since: FIRST, profile: neoGo(false, false) },
];

function neoGo(knowsPing: boolean, knowsStateRoots: boolean): RemoteProfile {
  return Object.freeze({
    ...COMMON,
    implementation: 'neo-go',
    answersPings: knowsPing,
    dropsPings: !knowsPing, // as any command it doesn't know that has a payload
    swapsPingFields: knowsPing,
    servesRepeats: true,
    dropsFilters: true,
    acceptsStateRoots: knowsStateRoots,
    dropsStateRoots: !knowsStateRoots,
    dropsUnknownStart: true,
  });
}

/** The C# node before state roots came; they are ignored as commands, inventory of them is not. */
const neoCli: RemoteProfile = Object.freeze({
  ...COMMON,
  implementation: 'neo-cli',
  acceptsFilters: true,
  dropsStateRoots: true,
  answersMempool: true,
});

/** The C# node. Before 2.9 it was another program (`/NEO:2.5.0/`), which served repeats. */
const NEO_CLI: readonly Release[] = [
  {
    since: [2, 11, 0],
    profile: Object.freeze({ ...neoCli, answersPings: true, acceptsStateRoots: true, dropsStateRoots: false }),
  },
  { since: [2, 10, 1], profile: Object.freeze({ ...neoCli, answersPings: true }) },
  { since: [2, 9, 0], profile: neoCli },
  { since: FIRST, profile: Object.freeze({ ...neoCli, servesRepeats: true }) },
];

/** The newest that a version has reached; one built without a version is taken for the newest of all. */
function profileAt(version: Version | undefined, releases: readonly Release[]): RemoteProfile {
  const reached = releases.find(({ since }) => version === undefined || atLeast(version, since));
  return reached?.profile ?? unknown;
}

/** What is known of a node that announces this user agent. */
export function remoteProfile(userAgent: string): RemoteProfile {
  for (const { agent, profile } of table) {
    const match = agent.exec(userAgent);
    if (match !== null) return profile(versionIn(match));
  }
  return unknown;
}

function versionIn([, major, minor, patch]: RegExpExecArray): Version | undefined {
  return major === undefined ? undefined : [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
}

function atLeast(version: Version, wanted: Version): boolean {
  for (const [i, part] of wanted.entries()) {
    if (version[i] !== part) return version[i]! > part;
  }
  return true;
}
