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
  { agent: /^\/NEO-GO:(\d+)?\.?(\d+)?\.?(\d+)?/, profile: neoGo },
  { agent: /^NEO:neo-one-js:/, profile: () => neoOne },
  { agent: /^\/NEO-PYTHON:/i, profile: () => neoPython },
  { agent: /^\/neo:(2)\.(\d+)(?:\.(\d+))?/i, profile: neoCli },
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

/** neo-go 2.x, versions 0.60 to 0.78; one built without a version is taken for the newest. */
function neoGo(version: Version | undefined): RemoteProfile {
  const knowsPing = version === undefined || atLeast(version, [0, 72, 0]);
  const knowsStateRoots = version === undefined || atLeast(version, [0, 76, 0]); // "cross-chain support" in its changelog
  return shared({
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

/**
 * The C# node. Before 2.9 it was another program (`/NEO:2.5.0/`), which served repeats; pings came with 2.10.1, state
 * roots with 2.11.
 */
function neoCli(version: Version | undefined): RemoteProfile {
  const is = (wanted: Version): boolean => version !== undefined && atLeast(version, wanted);
  return shared({
    ...COMMON,
    implementation: 'neo-cli',
    answersPings: is([2, 10, 1]),
    servesRepeats: !is([2, 9, 0]),
    acceptsFilters: true,
    acceptsStateRoots: is([2, 11, 0]),
    dropsStateRoots: !is([2, 11, 0]), // the commands are ignored, inventory of them is not
    answersMempool: true,
  });
}

const profiles = new Map<string, RemoteProfile>();

/** One object for all versions of which the same is known: every peer holds one for as long as it lives. */
function shared(profile: RemoteProfile): RemoteProfile {
  const key = JSON.stringify(profile);
  const known = profiles.get(key) ?? Object.freeze(profile);
  profiles.set(key, known);
  return known;
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
