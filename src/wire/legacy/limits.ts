/**
 * Every bound of the NEO 2.x protocol that we check, each with where it comes from. "C# node" is neo-project/neo 2.9 to
 * 2.13, "NEO-ONE" neo-one-suite/neo-one 2.x. Where nodes differ the larger bound is taken, so that nobody's valid
 * message is refused, unless it says otherwise.
 */

/** Bytes before a frame's payload: magic 4, command 12, length 4, checksum 4. */
export const FRAME_HEADER_SIZE = 24;

/** Largest payload of a frame in bytes: what the C# node and NEO-ONE accept; larger drops the connection there too. */
export const MAX_PAYLOAD_SIZE = 0x02000000;

/** Largest frame in bytes, header included. */
export const MAX_FRAME_SIZE = FRAME_HEADER_SIZE + MAX_PAYLOAD_SIZE;

/**
 * Largest frame before a peer is ready, in bytes. Only version and verack may come then, and a version is at most
 * 24 + 27 + 3 + 1024 bytes; 2 KiB leaves room for nothing else.
 */
export const MAX_HANDSHAKE_FRAME_SIZE = 2048;

/** Longest user agent in bytes: the C# node and NEO-ONE refuse a longer one. */
export const MAX_USER_AGENT_SIZE = 1024;

/** Most addresses in one `addr`. The C# node sends and takes up to 200; of a longer list the first 200 are read. */
export const MAX_ADDRESSES = 200;

/** Most start hashes in `getheaders` and `getblocks` (C# node). */
export const MAX_HASH_STARTS = 16;

/** Most headers in one `headers`: the C# node drops who sends more. */
export const MAX_HEADERS = 2000;

/** Most block hashes in one answer to `getblocks` (all nodes). */
export const MAX_BLOCK_HASHES = 500;

/** Most hashes put into one `inv` or `getdata`: the C# node drops who sends more. */
export const MAX_SENT_INVENTORY_HASHES = 500;

/** Most hashes read from one `inv` or `getdata`. NEO-ONE sends its whole memory pool (5000) in one, so 500 is too few. */
export const MAX_INVENTORY_HASHES = 65_536;

/** Most hashes in all answers to one `mempool`: as many transactions as the C# node's memory pool holds by default. */
export const MAX_POOL_HASHES = 50_000;

/** How many requested hashes are remembered for one connection: the C# node remembers as many that it served. */
export const REMEMBERED_HASHES = 100_000;

/** Longest filter of a `filterload` in bytes (C# node). */
export const MAX_FILTER_SIZE = 36_000;

/** Most hash functions of a `filterload` (C# node). */
export const MAX_FILTER_HASHES = 50;

/** Longest element of a `filteradd` in bytes (C# node); also the largest item its virtual machine could push at first. */
export const MAX_FILTER_ELEMENT_SIZE = 520;

/** Most state roots in one `roots` (C# 2.11 and 2.12; 2.13 sends 200). */
export const MAX_STATE_ROOTS = 2000;

/** Largest transaction that nodes relay, in bytes (C# node since 2.9.4). Larger ones may stand in old blocks. */
export const MAX_TRANSACTION_SIZE = 102_400;

/** Most transactions in one block: 65,535 in the C# node, 65,536 in NEO-ONE. */
export const MAX_BLOCK_TRANSACTIONS = 65_536;

/** Most attributes of one transaction (all nodes). */
export const MAX_ATTRIBUTES = 16;

/** Items of an array for which the C# node states no bound of its own (inputs, claims). */
export const MAX_ARRAY_ITEMS = 0x1000000;

/**
 * Most witnesses of one transaction. The C# node states no bound of its own, but a valid transaction has one for each
 * account that must sign, and to name so many of them takes over two megabytes, more than any node ever relayed. No hash covers
 * witnesses: without a bound anybody could put 16 million empty ones, two bytes each, into a block that is valid otherwise.
 */
export const MAX_WITNESSES = 65_536;

/** Most outputs of one transaction (C# node): their indexes are 16 bits wide. */
export const MAX_OUTPUTS = 65_536;

/** Longest invocation or verification script of a witness, in bytes (C# node and NEO-ONE). */
export const MAX_WITNESS_SCRIPT_SIZE = 65_536;

/** Longest data of a Description or Remark attribute, in bytes (C# node). */
export const MAX_ATTRIBUTE_DATA_SIZE = 65_535;

/** Longest script of an Invocation transaction, in bytes (C# node). It may not be empty. */
export const MAX_INVOCATION_SCRIPT_SIZE = 65_536;

/** Longest script of a Publish transaction, and longest list of its parameter types, in bytes (C# node). */
export const MAX_PUBLISH_SCRIPT_SIZE = 65_535;

/** Longest name, code version, author and email of a Publish transaction, in bytes each (C# node). */
export const MAX_PUBLISH_TEXT_SIZE = 252;

/** Longest description of a Publish transaction, in bytes (C# node). */
export const MAX_PUBLISH_DESCRIPTION_SIZE = 65_536;

/** Longest asset name of a Register transaction, in bytes (C# node). */
export const MAX_ASSET_NAME_SIZE = 1024;

/** Most state descriptors of a State transaction (C# node). */
export const MAX_STATE_DESCRIPTORS = 16;

/** Longest key of a state descriptor, in bytes (C# node). */
export const MAX_STATE_KEY_SIZE = 100;

/** Longest field name of a state descriptor, in bytes (C# node). */
export const MAX_STATE_FIELD_SIZE = 32;

/** Longest value of a state descriptor, in bytes (C# node). */
export const MAX_STATE_VALUE_SIZE = 65_535;

/** Longest data of a consensus payload: what a frame can hold. */
export const MAX_CONSENSUS_DATA_SIZE = MAX_PAYLOAD_SIZE;

/**
 * Most blocks by which one ping or pong may raise a remote's height. No node syncs a million blocks between two pings, and a
 * random number in the place of a height (pings of neo-go 2.x) is nearly always further off.
 */
export const MAX_HEIGHT_JUMP = 1_000_000;
