import { nextTurn } from '../environment/system-turn.js';
import type { HeaderVerifier } from '../peer/header-verifier.js';
import type { BlockHeader } from '../wire/common/block-header.js';
import { checkLink } from '../wire/common/header-link.js';

/** Headers that are checked in one go: some 50 ms with signatures, so that Ctrl-C and pings needn't wait for more. */
const IN_ONE_GO = 100;

/**
 * Checks header after header that each follows the one before it and, unless that isn't wanted, that it is signed by those
 * whom that one names. What comes first is taken on trust where nothing before it is known.
 *
 * @internal
 */
export class HeaderChain {
  readonly #verifier: HeaderVerifier | undefined;
  #previous: BlockHeader | undefined;
  #trusted: BlockHeader | undefined;
  #checked = 0;

  /**
   * @param verifier undefined: signatures are not looked at
   * @param previous the header before the first one; undefined if it isn't known
   */
  constructor(verifier: HeaderVerifier | undefined, previous: BlockHeader | undefined) {
    this.#verifier = verifier;
    this.#previous = previous;
  }

  /** The header that should have been verified, and was taken on trust; undefined if there was none. */
  get trusted(): BlockHeader | undefined {
    return this.#trusted;
  }

  /** @throws HeaderVerificationError */
  async append(header: BlockHeader): Promise<void> {
    if (this.#verifier === undefined) this.#checkLink(header);
    else this.#verify(header, this.#verifier);
    this.#previous = header;
    this.#checked++;
    if (this.#checked % IN_ONE_GO === 0) await nextTurn();
  }

  #verify(header: BlockHeader, verifier: HeaderVerifier): void {
    // The genesis block follows nothing: it is known by its hash.
    if (header.index === 0) verifier.verify(header, { nextConsensus: header.nextConsensus });
    else if (this.#previous === undefined) this.#trusted = header;
    else verifier.verify(header, { previous: this.#previous });
  }

  #checkLink(header: BlockHeader): void {
    if (this.#previous !== undefined && header.index > 0) checkLink(header, this.#previous);
  }
}
