import { CommandHandler } from './command-handler.js';

/**
 * Told of every `headers` message: answers to our requests and unasked ones alike.
 *
 * @publicApi
 */
export abstract class HeaderHandler extends CommandHandler<'headers'> {}

/**
 * Told of every `block`: answers to our requests and unasked ones alike.
 *
 * @publicApi
 */
export abstract class BlockHandler extends CommandHandler<'block'> {}

/**
 * Told of every transaction, asked for or not.
 *
 * @publicApi
 */
export abstract class TransactionHandler extends CommandHandler<'transaction'> {}

/**
 * Told of every `inv`: hashes of what the remote has.
 *
 * @publicApi
 */
export abstract class InvHandler extends CommandHandler<'inv'> {}

/**
 * Told of every `addr`: where the remote says others listen.
 *
 * @publicApi
 */
export abstract class AddrHandler extends CommandHandler<'addr'> {}

/**
 * Told of every `extensible`: signed messages of validators and state validators. N3 only.
 *
 * @publicApi
 */
export abstract class ExtensibleHandler extends CommandHandler<'extensible'> {}

/**
 * Told of every `p2pnotaryrequest`, which neo-go sends on networks with a notary (NeoFS). N3 only.
 *
 * @publicApi
 */
export abstract class P2PNotaryRequestHandler extends CommandHandler<'p2pnotaryrequest'> {}

/**
 * Told of every `mptdata`: neo-go's answer to `getmptdata`, nodes of the state trie. N3 only.
 *
 * @publicApi
 */
export abstract class MptDataHandler extends CommandHandler<'mptdata'> {}

/**
 * Told of every `merkleblock`, which comes instead of a block once a filter was loaded at the remote.
 *
 * @publicApi
 */
export abstract class MerkleBlockHandler extends CommandHandler<'merkleblock'> {}

/**
 * Told of every `consensus` message between validators. Legacy only: N3's validators send `extensible`.
 *
 * @publicApi
 */
export abstract class ConsensusHandler extends CommandHandler<'consensus'> {}

/**
 * Told of every `stateroot`. Legacy only.
 *
 * @publicApi
 */
export abstract class StateRootHandler extends CommandHandler<'stateroot'> {}

/**
 * Told of every `roots`: the answer to `getroots`. Legacy only.
 *
 * @publicApi
 */
export abstract class RootsHandler extends CommandHandler<'roots'> {}

/**
 * Told of every `alert`. No node sends it; the payload is opaque.
 *
 * @publicApi
 */
export abstract class AlertHandler extends CommandHandler<'alert'> {}

/**
 * Told of every `notfound`. In N3 it holds the hashes, asked for with `getdata`, of blocks or transactions that aren't there;
 * our own requests have settled by then. No Legacy node sends it, and there the payload is opaque: refine by `dialect`.
 *
 * @publicApi
 */
export abstract class NotFoundHandler extends CommandHandler<'notfound'> {}

/**
 * Told of every `reject`. No node sends it; the payload is opaque.
 *
 * @publicApi
 */
export abstract class RejectHandler extends CommandHandler<'reject'> {}
