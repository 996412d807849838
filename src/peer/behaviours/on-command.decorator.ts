import { BehaviourError } from '../errors/behaviour.error.js';
import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** Where the decorator leaves its note: a name, not a symbol, so that two copies of the package understand each other. */
const METADATA_KEY = 'nestjs-neo-peer:on-command';

/** One `@OnCommand` on a method. */
export interface Subscription {
  readonly command: Command;
  /** Name of the module instance; undefined is the one without a name. */
  readonly peer: string | undefined;
}

/**
 * Calls the method for every message of that command, after the behaviour. Works on any provider or controller of the
 * application; may stand on a method more than once.
 *
 * @example
 * ```ts
 * @OnCommand('block')
 * async onBlock(peer: Peer, block: Block) {}
 * ```
 * @param options `peer`: the `name` of the `PeerModule` to listen to; default the one without a name
 * @publicApi
 */
export function OnCommand<C extends Command>(
  command: C,
  options: { readonly peer?: string } = {},
): <F extends (peer: Peer, payload: PayloadOf<C>, message: Message<C>) => unknown>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<F>,
) => void {
  return (target, key, descriptor) => {
    if (typeof key === 'symbol') {
      throw new BehaviourError(
        `${target.constructor.name}.${String(key)}`,
        'parameters',
        '@OnCommand needs a method with a name',
      );
    }
    const method = descriptor.value!;
    const subscription: Subscription = { command, peer: options.peer };
    Reflect.defineMetadata(METADATA_KEY, [...subscriptionsOf(method), subscription], method);
  };
}

/** What the method listens to; empty if it is no listener. */
export function subscriptionsOf(method: object): readonly Subscription[] {
  return (Reflect.getMetadata(METADATA_KEY, method) as readonly Subscription[] | undefined) ?? [];
}
