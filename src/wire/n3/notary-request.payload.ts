import type { Witness } from '../common/witness.js';
import { ByteReader } from '../primitives/byte-reader.js';
import { ByteWriter } from '../primitives/byte-writer.js';
import { MAX_INVOCATION_SCRIPT_SIZE, MAX_VERIFICATION_SCRIPT_SIZE } from './limits.js';
import { N3SignedView } from './n3-view.js';
import { checkNotaryRequest } from './notary-request-rules.js';
import { N3Transaction } from './transaction.js';
import { MARKS, skipTransaction, START, WITNESSES } from './transaction-layout.js';
import { readWitness, skipWitness, witnessToJSON, writeWitness } from './witness.js';

/** Where the marks of the two transactions stand. */
const MAIN = 0;
const FALLBACK = MARKS;

/**
 * What a notary request is made from.
 *
 * @publicApi
 */
export interface NotaryRequestFields {
  readonly main: N3Transaction;
  readonly fallback: N3Transaction;
  readonly witness: Witness;
}

/**
 * The payload of `p2pnotaryrequest`: a transaction whose signatures are to be collected by the notary nodes, and the one
 * to be sent if that fails. Its hash covers both, their witnesses included. Only neo-go nodes with the extension for notaries understand it; on the networks of NeoFS.
 *
 * @publicApi
 */
export class NotaryRequestPayload extends N3SignedView {
  /** Where both transactions and their parts begin, counted from the payload's start. */
  readonly #marks: Uint32Array;
  #main: N3Transaction | undefined;
  #fallback: N3Transaction | undefined;

  private constructor(bytes: Uint8Array, start: number, end: number, marks: Uint32Array, witnessAt: number) {
    super(bytes, start, end, witnessAt);
    this.#marks = marks;
  }

  /**
   * Checks the layout of both transactions, but not what they must say to be a notary request: see {@link verify}.
   *
   * @throws DecodeError
   */
  static decode(reader: ByteReader): NotaryRequestPayload {
    const start = reader.offset;
    const marks = new Uint32Array(2 * MARKS);
    skipHashedTransaction(reader, 'main', marks, MAIN, start);
    skipHashedTransaction(reader, 'fallback', marks, FALLBACK, start);
    const witnessAt = reader.offset - start;
    reader.enter('witness');
    skipWitness(reader);
    reader.leave();
    return new NotaryRequestPayload(reader.bytes, start, reader.offset, marks, witnessAt);
  }

  /** @throws DecodeError naming the field that breaks a rule of the layout */
  static from({ main, fallback, witness }: NotaryRequestFields): NotaryRequestPayload {
    const writer = new ByteWriter().bytes(main.raw).bytes(fallback.raw);
    writeWitness(writer, witness);
    return NotaryRequestPayload.decode(new ByteReader(writer.finish(), 'p2pnotaryrequest'));
  }

  /** The transaction that still lacks signatures. */
  get main(): N3Transaction {
    return (this.#main ??= this.#transaction(MAIN, this.#marks[FALLBACK + START]!));
  }

  /** The transaction that takes its place if they don't come. Its hash is what announces the request. */
  get fallback(): N3Transaction {
    return (this.#fallback ??= this.#transaction(FALLBACK, this.unsignedLength));
  }

  /** The requester's. */
  get witness(): Witness {
    return readWitness(new ByteReader(this.bytes, 'p2pnotaryrequest', this.start + this.unsignedLength, this.end));
  }

  /**
   * Checks that the two transactions say what those of a notary request must. Signatures are not checked.
   *
   * @throws DecodeError naming the field that breaks a rule, for example `fallback.attributes`
   */
  verify(): void {
    checkNotaryRequest(this.main, this.fallback);
  }

  toJSON() {
    return {
      hash: this.hash.toJSON(),
      mainTransaction: this.main.toJSON(),
      fallbackTransaction: this.fallback.toJSON(),
      witness: witnessToJSON(this.witness),
    };
  }

  protected over(bytes: Uint8Array): this {
    return new NotaryRequestPayload(bytes, 0, bytes.length, this.#marks, this.unsignedLength) as this;
  }

  #transaction(at: number, end: number): N3Transaction {
    const start = this.start + this.#marks[at + START]!;
    return N3Transaction.ofMarks(this.bytes, start, this.start + end, this.#marks, at);
  }
}

/** Steps over a transaction whose witnesses are hashed too, so that their lengths must be in their shortest form. */
function skipHashedTransaction(reader: ByteReader, field: string, marks: Uint32Array, at: number, base: number): void {
  reader.enter(field);
  skipTransaction(reader, marks, at, base);
  reader.offset = base + marks[at + WITNESSES]!;
  const count = reader.canonicalVarint('witnesses');
  reader.enter('witnesses');
  for (let i = 0; i < count; i++) {
    reader.at(i);
    reader.skipVarBytes('invocation', MAX_INVOCATION_SCRIPT_SIZE, true);
    reader.skipVarBytes('verification', MAX_VERIFICATION_SCRIPT_SIZE, true);
  }
  reader.leave();
  reader.leave();
}
