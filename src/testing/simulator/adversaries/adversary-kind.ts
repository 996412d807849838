/**
 * What adversaries of a `Simulator` do, each by a script that follows from the seed:
 * - `polite`: shakes hands, answers pings, tells addresses if it has some; no adversary, but a node that costs little
 * - `silent`: connects, or is dialled, and says nothing
 * - `garbage`: sends bytes of chance, and frames that claim to be endless, in place of a handshake
 * - `broken-frames`: shakes hands, then sends frames that can't be decoded
 * - `version-spam`: says its version again and again
 * - `slow-reader`: shakes hands, asks, and never reads the answers
 * - `liar`: claims a height of four billion, and answers requests for headers and blocks with false ones
 * - `address-flood`: sends addresses without end
 * - `request-flood`: sends pings and getaddr without end
 * - `eclipse`: a polite node that tells of its own hosts alone, and keeps telling, so that nodes end up among these
 *
 * @publicApi
 */
export const AdversaryKind = Object.freeze({
  polite: 'polite',
  silent: 'silent',
  garbage: 'garbage',
  'broken-frames': 'broken-frames',
  'version-spam': 'version-spam',
  'slow-reader': 'slow-reader',
  liar: 'liar',
  'address-flood': 'address-flood',
  'request-flood': 'request-flood',
  eclipse: 'eclipse',
} as const);

/** @publicApi */
export type AdversaryKind = keyof typeof AdversaryKind;
