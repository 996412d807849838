import type { Endpoint } from '../../environment/connection.js';
import type { Dialect } from '../../wire/common/dialect.js';
import type { RemoteFacts } from '../../wire/common/node-facts.js';
import type { RemoteProfile } from '../../wire/common/remote-profile.js';
import type { Message, PayloadOf } from '../../wire/messages.js';

/**
 * What the remote has said of itself.
 *
 * @internal
 */
export class RemoteIdentity {
  readonly #dialect: Dialect<Message>;
  readonly #address: Endpoint;
  #version: PayloadOf<'version'> | undefined;
  #facts: RemoteFacts | undefined;
  #profile: RemoteProfile;
  #height = 0;
  #toldHeight = false;

  /** @param address the socket's */
  constructor(dialect: Dialect<Message>, address: Endpoint) {
    this.#dialect = dialect;
    this.#address = address;
    this.#profile = dialect.remoteProfile('');
  }

  get version(): PayloadOf<'version'> | undefined {
    return this.#version;
  }

  get facts(): RemoteFacts | undefined {
    return this.#facts;
  }

  /** That of an unknown node until the version came. */
  get profile(): RemoteProfile {
    return this.#profile;
  }

  get height(): number {
    return this.#height;
  }

  /** Whether it has told a height, in its version or since. */
  get toldHeight(): boolean {
    return this.#toldHeight;
  }

  /** Whether it may be sent compressed payloads: never before its version came. */
  get acceptsCompression(): boolean {
    return this.#facts?.acceptsCompression ?? false;
  }

  get dialAddress(): Endpoint | undefined {
    const port = this.#facts?.port ?? 0;
    return port === 0 ? undefined : { host: this.#address.host, port };
  }

  /** Takes over what a version message says. */
  introduce(message: Message<'version'>): RemoteFacts {
    const facts = this.#dialect.remoteFacts(message.payload);
    this.#version = message.payload.detach();
    this.#facts = facts;
    this.#profile = this.#dialect.remoteProfile(facts.userAgent);
    this.#height = facts.height;
    this.#toldHeight = facts.tellsHeight;
    return facts;
  }

  /** Takes over the height of a ping or pong, unless it can't be one. It may be lower than the last: neo-go's are. */
  tellHeight(message: Message<'ping' | 'pong'>): void {
    if (message.command === 'ping' && this.#profile.swapsPingFields) return;
    const { height } = this.#dialect.pingFacts(message);
    if (height > this.#height + this.#dialect.limits.heightJump) return;
    this.#height = height;
    this.#toldHeight = true;
  }
}
