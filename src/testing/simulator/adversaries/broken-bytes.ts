import { UInt256 } from '../../../wire/primitives/uint256.js';
import { HashList } from '../../../wire/primitives/hash-list.js';
import type { AdversarySession } from './adversary-session.js';

/** Where the payload of a short frame begins: after magic, command, length and checksum; after flags, command and length. */
const PAYLOAD_OFFSET = Object.freeze({ legacy: 24, n3: 3 });
/** Where the length of the payload stands. */
const LENGTH_OFFSET = Object.freeze({ legacy: 16, n3: 2 });
/** In N3 this says that four bytes of length follow. */
const FOUR_BYTES_FOLLOW = 0xfe;

const FEWEST_RANDOM_BYTES = 64;
const MOST_RANDOM_BYTES = 1024;

/**
 * A frame of the right network whose payload nobody can have meant: Legacy finds it by its checksum, N3 by an inventory of a
 * kind that there isn't.
 *
 * @internal
 */
export function brokenFrame(session: AdversarySession): Uint8Array {
  const { dialect, random, magic } = session;
  const hashes = new HashList(random.bytes(UInt256.SIZE));
  const frame = Buffer.from(dialect.encode(dialect.inventory('block', hashes), magic));
  frame[PAYLOAD_OFFSET[dialect.name]]! ^= 0xff;
  return frame;
}

/**
 * The beginning of a frame that claims to be larger than any may be.
 *
 * @internal
 */
export function endlessFrame({ dialect, magic }: AdversarySession): Uint8Array {
  const frame = Buffer.from(dialect.encode(dialect.requestAddresses(), magic));
  const header = Buffer.alloc(LENGTH_OFFSET[dialect.name] + 12, 0xff);
  frame.copy(header, 0, 0, LENGTH_OFFSET[dialect.name]);
  if (dialect.name === 'n3') header[LENGTH_OFFSET.n3] = FOUR_BYTES_FOLLOW;
  return header;
}

/**
 * Bytes of chance.
 *
 * @internal
 */
export function randomBytes({ random }: AdversarySession): Uint8Array {
  return random.bytes(FEWEST_RANDOM_BYTES + random.integer(MOST_RANDOM_BYTES - FEWEST_RANDOM_BYTES + 1));
}
