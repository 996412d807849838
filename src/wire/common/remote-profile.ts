/**
 * What is known of a node from its user agent: where real implementations differ from the common protocol.
 * One pure table a dialect fills it in; nothing else looks at a user agent.
 *
 * @publicApi
 */
export interface RemoteProfile {
  /** The implementation, for humans and statistics: `neo-cli`, `neo-go`, `neo-one`, `neo-python`, …, or `unknown`. */
  readonly implementation: string;
  /** Handles messages that arrive in one TCP read in reverse order: send one frame at a time, with pauses in the handshake. */
  readonly reversesReads: boolean;
  /** Answers pings with pongs. */
  readonly answersPings: boolean;
  /** Closes the connection on a ping, so none may be sent. */
  readonly dropsPings: boolean;
  /** Closes the connection on filter commands, so none may be sent. */
  readonly dropsFilters: boolean;
  /** Closes the connection on state-root commands or inventory of state roots, so none may be sent. */
  readonly dropsStateRoots: boolean;
  /** Closes the connection on `alert` and `reject`, so none may be sent. */
  readonly dropsAlerts: boolean;
  /** Closes the connection on commands that only some networks have switched on (N3: notary requests, state trie). */
  readonly dropsExtensions: boolean;
  /** Closes the connection on inventory of notary requests, on any network, so none may be sent. N3 only. */
  readonly dropsNotaryInventory: boolean;
  /** Can't read today's consensus payloads and closes the connection over one, so none may be announced. */
  readonly dropsConsensus: boolean;
  /** Puts a random number where a ping carries the height: take heights only from version and pong. */
  readonly swapsPingFields: boolean;
  /** Most headers it returns for one request. */
  readonly headersPerAnswer: number;
  /** Leaves its newest header out of answers unless stop equals start. */
  readonly withholdsTip: boolean;
  /** Serves the same object more than once on a connection. */
  readonly servesRepeats: boolean;
  /** Understands filterload, filteradd and filterclear. */
  readonly acceptsFilters: boolean;
  /** Understands getroots, roots and stateroot, and inventory of state roots. */
  readonly acceptsStateRoots: boolean;
  /** Answers `mempool`. */
  readonly answersMempool: boolean;
  /** Closes the connection when it doesn't know the start hash of getheaders or getblocks. */
  readonly dropsUnknownStart: boolean;
  /** Closes a second connection to one node, known by its nonce, also where the two have different IP addresses. */
  readonly dropsSecondLink: boolean;
}

/** A node that does nothing out of the ordinary, and of which nothing is expected that not all nodes do. */
export const ORDINARY_NODE: Omit<RemoteProfile, 'implementation' | 'headersPerAnswer'> = Object.freeze({
  reversesReads: false,
  answersPings: false,
  dropsPings: false,
  dropsFilters: false,
  dropsStateRoots: false,
  dropsAlerts: false,
  dropsExtensions: false,
  dropsNotaryInventory: false,
  dropsConsensus: false,
  swapsPingFields: false,
  withholdsTip: false,
  servesRepeats: false,
  acceptsFilters: false,
  acceptsStateRoots: false,
  answersMempool: false,
  dropsUnknownStart: false,
  dropsSecondLink: false,
});
