import type { Endpoint } from '../../environment/connection.js';
import type { Dialect } from '../../wire/common/dialect.js';
import type { RemoteFacts } from '../../wire/common/node-facts.js';
import type { RemoteProfile } from '../../wire/common/remote-profile.js';
import type { Message, PayloadOf } from '../../wire/messages.js';
import { latin1 } from '../../wire/primitives/latin1.js';

/**
 * What the remote has said of itself.
 *
 * @internal
 */
export class RemoteIdentity {
  readonly #dialect: Dialect<Message>;
  readonly #address: Endpoint;
  /** The version's bytes as text: a tenth of the memory that its fields take. */
  #version: string | undefined;
  #profile: RemoteProfile;
  #port = 0;
  #height = 0;
  #toldHeight = false;
  #acceptsCompression = false;

  /** @param address the socket's */
  constructor(dialect: Dialect<Message>, address: Endpoint) {
    this.#dialect = dialect;
    this.#address = address;
    this.#profile = dialect.remoteProfile('');
  }

  /** What it said, read anew each time; undefined until it came. */
  get version(): PayloadOf<'version'> | undefined {
    if (this.#version === undefined) return undefined;
    return this.#dialect.decodePayload('version', Buffer.from(this.#version, 'latin1')) as PayloadOf<'version'>;
  }

  get hasVersion(): boolean {
    return this.#version !== undefined;
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
    return this.#acceptsCompression;
  }

  get dialAddress(): Endpoint | undefined {
    return this.#port === 0 ? undefined : { host: this.#address.host, port: this.#port };
  }

  /** Takes over what a version message says. */
  introduce(message: Message<'version'>): RemoteFacts {
    const facts = this.#dialect.remoteFacts(message.payload);
    const { raw } = message.payload;
    this.#version = latin1(raw, 0, raw.length);
    this.#port = facts.port;
    this.#acceptsCompression = facts.acceptsCompression;
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
