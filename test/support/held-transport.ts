import type { CallOptions } from '../../src/environment/call-options.js';
import type { Connection, Endpoint, PeerListener } from '../../src/environment/connection.js';
import { Transport } from '../../src/environment/transport.js';

/** A connection whose first chunk is handed on when the test says so, and all the others as they come after it. */
export class HeldConnection implements Connection {
  readonly #held: Uint8Array[] = [];
  #receive: ((chunk: Uint8Array) => void) | undefined;
  #released = false;

  constructor(private readonly inner: Connection) {}

  get remoteAddress(): Endpoint {
    return this.inner.remoteAddress;
  }

  get localAddress(): Endpoint {
    return this.inner.localAddress;
  }

  /** Whether its first chunk has come, and is held. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Lets the first chunk through, and all that comes. */
  release(): void {
    this.#released = true;
    for (const chunk of this.#held.splice(0)) this.#receive?.(chunk);
  }

  onData(receive: (chunk: Uint8Array) => void): void {
    this.#receive = receive;
    this.inner.onData((chunk) => {
      if (this.#released) receive(chunk);
      else this.#held.push(chunk);
    });
  }

  write(bytes: Uint8Array, written: (error?: Error) => void): boolean {
    return this.inner.write(bytes, written);
  }

  pause(): void {
    this.inner.pause();
  }

  resume(): void {
    this.inner.resume();
  }

  end(): void {
    this.inner.end();
  }

  destroy(): void {
    this.inner.destroy();
  }

  onDrain(drained: () => void): void {
    this.inner.onDrain(drained);
  }

  onClose(closed: (error?: Error) => void): void {
    this.inner.onClose(closed);
  }
}

/** A transport whose connections with one other host hold back what comes first. */
export class HeldTransport extends Transport {
  readonly dialled: HeldConnection[] = [];
  readonly accepted: HeldConnection[] = [];

  /** @param other the host */
  constructor(
    private readonly inner: Transport,
    private readonly other: string,
  ) {
    super();
  }

  override async connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    return this.#held(await this.inner.connect(address, options), this.dialled);
  }

  override listen(
    on: { readonly host?: string; readonly port: number },
    accept: (connection: Connection) => void,
  ): Promise<PeerListener> {
    return this.inner.listen(on, (raw) => accept(this.#held(raw, this.accepted)));
  }

  #held(raw: Connection, list: HeldConnection[]): Connection {
    if (raw.remoteAddress.host !== this.other) return raw;
    const connection = new HeldConnection(raw);
    list.push(connection);
    return connection;
  }
}
