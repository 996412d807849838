import { plainHost } from '../../environment/address.js';
import type { Peer } from '../../peer/peer.js';
import type { RemoteFacts } from '../../wire/common/node-facts.js';
import { dialectOf } from '../../wire/messages.js';
import type { Link } from './link.js';

/** Two links to one node, and which of them has to go. */
export interface DuplicateLink {
  readonly other: Link;
  /** Whether it is the one that was there before. */
  readonly otherGoes: boolean;
}

/**
 * Finds a second link to the node that a peer turned out to be.
 *
 * Nonces can be copied, so a nonce alone proves nothing: it is the same node if the IP address is the same too, as C# nodes
 * take it, or if it is of a kind that closes the second link anyway (neo-go on N3, NEO-ONE).
 *
 * Of two links in one direction from one address the older stays. Two nodes that dial each other at the same time must agree which link stays,
 * or both would go: it is the one that the node with the lower nonce dialled. Only with different addresses, where somebody may
 * have copied the nonce of a node that we dialled, ours stays.
 *
 * @param ownNonce ours
 * @internal
 */
export function duplicateOf(
  peer: Peer,
  facts: RemoteFacts,
  links: Iterable<Link>,
  ownNonce: number,
): DuplicateLink | undefined {
  const dropsSecond = dialectOf(peer.dialect).remoteProfile(facts.userAgent).dropsSecondLink;
  for (const other of links) {
    if (other.peer === undefined || other.peer === peer || other.nonce !== facts.nonce) continue;
    if (other.peer.state === 'closed') continue;
    const isSameHost = plainHost(other.peer.remoteAddress.host) === plainHost(peer.remoteAddress.host);
    // Whoever copied the nonce of a node may be either of two that came from different addresses: the node itself will tell.
    if (!isSameHost && (!dropsSecond || other.peer.direction === peer.direction)) continue;
    return { other, otherGoes: otherGoes(peer, other.peer, isSameHost, ownNonce < facts.nonce) };
  }
  return undefined;
}

function otherGoes(peer: Peer, other: Peer, isSameHost: boolean, oursIsLower: boolean): boolean {
  if (peer.direction === other.direction) return false;
  const staysOutbound = isSameHost ? oursIsLower : true;
  return staysOutbound === (peer.direction === 'outbound');
}
