import type { DisconnectReason } from '../../persistence/disconnect-reason.js';

/**
 * What a peer can do wrong: a closed set, the same in scores, events and the reason of an automatic ban. What each is worth
 * stands in {@link MISBEHAVIOUR_WEIGHTS}.
 *
 * All of it is something the remote **did**, and that a sound node doesn't do. Not misbehaviour are, on purpose:
 *
 * - timeouts, silence and stalls: a network that hiccups for a minute looks the same from here on every connection, and a
 *   node that banned for it would ban all its peers at once and not recover. They lower a peer's rank;
 * - failed dials: nobody there is no offence, and the address may be another's tomorrow. They make us wait longer;
 * - another network's magic: nodes of other networks share addresses with ours, and gossip mixes them up;
 * - self connections and duplicates: as much our doing as the remote's.
 *
 * @publicApi
 */
export const Misbehaviour = Object.freeze({
  /** A payload that breaks its layout or a limit inside it. */
  malformed: 'malformed',
  /** A frame whose checksum is not its payload's. */
  'bad-checksum': 'bad-checksum',
  /** A frame over its size limit. */
  oversized: 'oversized',
  /** Anything out of order in the handshake: a message before it was over, a second version, a second verack. */
  'handshake-disorder': 'handshake-disorder',
  /** A block that was asked for and fails its check. */
  'invalid-block': 'invalid-block',
  /** Headers that were asked for and don't link. */
  'invalid-headers': 'invalid-headers',
  /** Requests far above the rate that is served. */
  'request-flood': 'request-flood',
  /** Addresses far above the rate that is listened to. */
  'address-flood': 'address-flood',
} as const);

/** @publicApi */
export type Misbehaviour = keyof typeof Misbehaviour;

/**
 * What each misbehaviour adds to the score of a client, in points. 100 ban, unless the options say otherwise. Scores halve
 * within the hour, so these say how many faults within minutes are too many: what can happen to an honest node now and then (a
 * bad line, a release with a fault) is forgiven, what can't is not.
 *
 * @publicApi
 */
export const MISBEHAVIOUR_WEIGHTS: Readonly<Record<Misbehaviour, number>> = Object.freeze({
  /** Two ban: a frame that arrived whole and can't be read was written so. A single one may be a feature newer than we are. */
  malformed: 50,
  /** Four ban: TCP's checksum misses one broken packet in 65,536, so a bad line does it to honest nodes, but seldom. */
  'bad-checksum': 25,
  /** Two ban: it would cost us memory, and the limits are the protocol's. A single one may be a limit that was raised. */
  oversized: 50,
  /** Five ban: the connection ends at once, so it costs us little, and a race in an implementation can do it. */
  'handshake-disorder': 20,
  /** One bans: every node checks a block before it passes it on, so a false one was passed on knowingly. */
  'invalid-block': 100,
  /** Two ban: as a block, but a node whose database was damaged sends them without knowing, until it is repaired. */
  'invalid-headers': 50,
  /** Ten ban: a node that catches up in a hurry is a nuisance, and is made to wait anyway. */
  'request-flood': 10,
  /** Ten ban: what is over the rate is left out anyway, so it does little harm. */
  'address-flood': 10,
});

/**
 * The misbehaviour that a connection ended for, if it was one. Exhaustive: a new reason doesn't compile until it stands here.
 *
 * @internal
 */
export function misbehaviourOf(reason: DisconnectReason): Misbehaviour | undefined {
  switch (reason) {
    case 'malformed':
    case 'bad-checksum':
    case 'oversized':
      return reason;
    case 'unexpected-message':
    case 'duplicate-version':
    case 'duplicate-verack':
      return 'handshake-disorder';
    case 'handshake-timeout':
    case 'idle':
    case 'stalled':
    case 'write-stalled':
    case 'wrong-network':
    case 'self-connection':
    case 'duplicate-connection':
    case 'refused':
    case 'evicted':
    case 'banned':
    case 'behaviour-error':
    case 'local':
    case 'remote-closed':
    case 'socket-error':
    case 'shutdown':
      return undefined;
    default:
      return reason satisfies never;
  }
}
