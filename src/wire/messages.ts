import type { DialectName } from './common/dialect-name.js';
import type { Dialect, UnknownMessage } from './common/dialect.js';
import { legacyDialect } from './legacy/dialect.js';
import type { LegacyPayloads } from './legacy/payloads.js';
import { n3Dialect } from './n3/dialect.js';
import type { N3Payloads } from './n3/payloads.js';

/**
 * The payloads of every dialect: an interface each, key = command, value = payload.
 *
 * @publicApi
 */
export interface PayloadMap {
  legacy: LegacyPayloads;
  n3: N3Payloads;
}

/**
 * A command's common name. `transaction` is the one name of Legacy's `tx` and N3's 0x2b.
 *
 * @publicApi
 */
export type Command<D extends DialectName = DialectName> = D extends DialectName ? keyof PayloadMap[D] & string : never;

/**
 * The payload type of a command, over the dialects that have it.
 *
 * @publicApi
 */
export type PayloadOf<C extends Command, D extends DialectName = DialectName> = D extends DialectName
  ? C extends keyof PayloadMap[D]
    ? PayloadMap[D][C]
    : never
  : never;

/**
 * A received message. A union: `command` and `dialect` tell what `payload` is.
 *
 * @publicApi
 */
export type Message<C extends Command = Command, D extends DialectName = DialectName> = D extends DialectName
  ? {
      [K in C & keyof PayloadMap[D]]: {
        readonly dialect: D;
        readonly command: K;
        readonly payload: PayloadMap[D][K];
        /** Bytes of the whole frame on the wire. */
        readonly size: number;
      };
    }[C & keyof PayloadMap[D]]
  : never;

/**
 * A message to be sent: command and payload stay tied together.
 *
 * @publicApi
 */
export type Outgoing<C extends Command = Command> =
  Message<C> extends infer M ? (M extends Message ? Omit<M, 'size'> : never) : never;

/**
 * What comes out of a frame decoder.
 *
 * @publicApi
 */
export type Received = Message | UnknownMessage;

const dialects: { readonly [D in DialectName]: Dialect<Message<Command<D>, D>> } = Object.freeze({
  legacy: legacyDialect,
  n3: n3Dialect,
});

/**
 * The dialect of that name.
 *
 * @publicApi
 */
export function dialectOf(name: DialectName): Dialect<Message> {
  return dialects[name];
}
