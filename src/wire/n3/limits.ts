/**
 * Every bound of the NEO N3 protocol that we check, each with where it comes from. "C# node" is neo-project/neo 3.x, "neo-go"
 * nspcc-dev/neo-go 0.1xx. Where nodes differ the larger bound is taken, so that nobody's valid message is refused, unless it
 * says otherwise.
 */

/** Bytes before the length prefix of a frame: flags and command. */
export const FRAME_PREFIX_SIZE = 2;

/** Longest length prefix of a frame in bytes: a varint of any form, both nodes take all four. */
export const MAX_LENGTH_PREFIX_SIZE = 9;

/**
 * Largest payload of a frame in bytes, as it is on the wire and after decompression (both nodes). Larger drops the
 * connection there too.
 */
export const MAX_PAYLOAD_SIZE = 0x02000000;

/** Largest frame in bytes, all that stands before the payload included. */
export const MAX_FRAME_SIZE = FRAME_PREFIX_SIZE + MAX_LENGTH_PREFIX_SIZE + MAX_PAYLOAD_SIZE;

/**
 * Largest frame before a peer is ready, in bytes. Only version and verack may come then, and 32 capabilities of 1024 bytes
 * with a user agent of 1024 take 35 kB.
 */
export const MAX_HANDSHAKE_FRAME_SIZE = 40 * 1024;

/** Bytes before the LZ4 block of a compressed payload: its size when decompressed (both nodes). */
export const RAW_SIZE_BYTES = 4;

/** A payload of so many bytes or fewer is never compressed by the C# node; neo-go wants more than 1024. */
export const COMPRESSION_THRESHOLD = 128;

/** The C# node keeps a compressed payload only if it, its size field included, is more than so many bytes shorter. */
export const COMPRESSION_GAIN = 64;

/** Longest user agent in bytes: both nodes refuse a longer one. */
export const MAX_USER_AGENT_SIZE = 1024;

/** Most capabilities in one `version`, and of one address (both nodes). */
export const MAX_CAPABILITIES = 32;

/** Longest data of a capability of unknown type, in bytes (C# node; neo-go states no bound of its own). */
export const MAX_CAPABILITY_DATA_SIZE = 1024;

/** Most addresses in one `addr`, which has at least one (both nodes). */
export const MAX_ADDRESSES = 200;

/** Most headers in one `headers`, which has at least one, and in one request for them (both nodes; C# drops who sends more). */
export const MAX_HEADERS = 2000;

/**
 * Largest count of a request by index. It is that of headers for `getblockbyindex` too, although nobody answers with so
 * many blocks (both nodes).
 */
export const MAX_INDEX_RANGE = 2000;

/** Largest count of a request by hash, `getblocks`: both nodes take any that the field, a signed 16-bit number, holds. */
export const MAX_HASH_RANGE = 0x7fff;

/** The count that stands for "as many as allowed" in requests by index or hash (both nodes). */
export const ANY_COUNT = -1;

/** Most blocks in one answer to `getblockbyindex`: larger counts, and -1, are cut to it (both nodes). */
export const MAX_BLOCKS = 500;

/** Most block hashes in one answer to `getblocks` (both nodes). */
export const MAX_BLOCK_HASHES = 500;

/** Most hashes in one `inv`, `getdata` or `notfound`, sent or read: both nodes drop who sends more. */
export const MAX_INVENTORY_HASHES = 500;

/** Most hashes in all answers to one `mempool`: as many transactions as a memory pool holds by default (both nodes). */
export const MAX_POOL_HASHES = 50_000;

/** How many requested hashes are remembered for one connection: the C# node remembers about as many that it served. */
export const REMEMBERED_HASHES = 1000;

/** Longest filter of a `filterload` in bytes (C# node). */
export const MAX_FILTER_SIZE = 36_000;

/** Most hash functions of a `filterload` (C# node). */
export const MAX_FILTER_HASHES = 50;

/** Longest element of a `filteradd` in bytes (C# node). */
export const MAX_FILTER_ELEMENT_SIZE = 520;

/** Most nodes of the state trie asked for in one `getmptdata` (neo-go). */
export const MAX_TRIE_HASHES = 32;

/**
 * Largest transaction that nodes take, in bytes (both nodes). Checked by nobody when decoding, so not by us: both refuse a larger
 * one later, without closing the connection.
 */
export const MAX_TRANSACTION_SIZE = 102_400;

/** Most transactions in one block, and largest count in a `merkleblock` (both nodes). */
export const MAX_BLOCK_TRANSACTIONS = 65_535;

/** Most signers of one transaction, which has at least one, and so most of its witnesses (both nodes). */
export const MAX_SIGNERS = 16;

/** Most signers and attributes of one transaction, counted together (both nodes). */
export const MAX_ATTRIBUTES = 16;

/** Longest script of a transaction in bytes (both nodes). It may not be empty. */
export const MAX_SCRIPT_SIZE = 65_535;

/** Most contracts, groups and rules of one signer, each (both nodes). */
export const MAX_SIGNER_ITEMS = 16;

/** Most conditions of one And or Or, which has at least one (both nodes). */
export const MAX_CONDITIONS = 16;

/** How deep witness conditions may be nested, the outermost counted (both nodes). */
export const MAX_CONDITION_DEPTH = 3;

/** Longest result of an OracleResponse attribute in bytes (both nodes). */
export const MAX_ORACLE_RESULT_SIZE = 65_535;

/**
 * Longest data of an attribute of a reserved type, in bytes: neo-go's bound for anything without one of its own. The C# node
 * knows no such attributes.
 */
export const MAX_RESERVED_ATTRIBUTE_SIZE = 0x1000000;

/** Longest invocation script of a witness in bytes (both nodes). */
export const MAX_INVOCATION_SCRIPT_SIZE = 1024;

/** Longest verification script of a witness in bytes (both nodes). */
export const MAX_VERIFICATION_SCRIPT_SIZE = 1024;

/** Longest category of an extensible payload in bytes (both nodes). */
export const MAX_CATEGORY_SIZE = 32;

/** Longest data of an extensible payload in bytes: what a frame can hold (neo-go; 16 MiB in the C# node). */
export const MAX_EXTENSIBLE_DATA_SIZE = MAX_PAYLOAD_SIZE;

/**
 * Longest node of the state trie in one `mptdata`, in bytes: what a frame can hold. There is no shortest one: the trie has none
 * without a byte, but neo-go decodes an empty one, and closes the connection only when it looks into it during state exchange.
 */
export const MAX_TRIE_NODE_SIZE = MAX_PAYLOAD_SIZE;

/** Most nodes of the state trie in one `mptdata`, which has at least one: neo-go's bound for anything without one of its own. */
export const MAX_TRIE_NODES = 0x1000000;

/** Longest signature of a vote for a state root, in bytes (C# node). */
export const MAX_STATE_SIGNATURE_SIZE = 64;

/** Largest height or index: they are 32 bits wide. */
export const MAX_INDEX = 0xffffffff;
