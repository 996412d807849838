import type { DisconnectReason } from '../../persistence/disconnect-reason.js';
import type { DecodeError } from '../../wire/primitives/decode.error.js';

/**
 * Why a connection ends whose bytes can't be read: what is wrong with the frame has names of its own, the rest is malformed.
 *
 * @internal
 */
export function disconnectReasonOf(error: DecodeError): DisconnectReason {
  if (error.problem === 'magic') return 'wrong-network';
  if (error.problem === 'checksum') return 'bad-checksum';
  return error.command === 'frame' && error.problem === 'limit' ? 'oversized' : 'malformed';
}
