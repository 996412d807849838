import type { NetworkDefinition } from '../config/options.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import type { Dialect } from '../wire/common/dialect.js';
import type { HeaderTrust, HeaderVerification } from '../wire/common/header-verification.js';
import { PublicKeys } from '../wire/common/public-keys.js';
import { dialectOf, type Message } from '../wire/messages.js';
import { UInt256 } from '../wire/primitives/uint256.js';
import { HeaderVerifier } from './header-verifier.js';

/**
 * Verifies headers by the rules of a network's dialect. Keeps the public keys it has met, of which there are few.
 *
 * @internal
 */
export class NetworkHeaderVerifier extends HeaderVerifier {
  readonly #dialect: Dialect<Message>;
  readonly #verification: HeaderVerification;

  /** @throws DecodeError when the network's genesis isn't a hash */
  constructor({ dialect, magic, genesis }: Readonly<NetworkDefinition>) {
    super();
    this.#dialect = dialectOf(dialect);
    this.#verification = {
      magic,
      genesis: genesis === undefined ? undefined : UInt256.from(genesis),
      keys: new PublicKeys(),
    };
  }

  verify(header: BlockHeader, by: HeaderTrust): void {
    this.#dialect.verifyHeader(header, by, this.#verification);
  }
}
