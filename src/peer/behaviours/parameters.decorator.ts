import { createParamDecorator, type ArgumentsHost, type ExecutionContext } from '@nestjs/common';
import type { Message } from '../../wire/messages.js';
import type { Peer } from '../peer.js';

/** `ArgumentsHost.getType()` while a message is handled. */
export const PEER_CONTEXT = 'peer';

const peerParameter = createParamDecorator((_data: unknown, context: ExecutionContext): unknown =>
  context.getArgByIndex(0),
);
const payloadParameter = createParamDecorator((_data: unknown, context: ExecutionContext): unknown =>
  context.getArgByIndex(1),
);
const messageParameter = createParamDecorator((_data: unknown, context: ExecutionContext): unknown =>
  context.getArgByIndex(2),
);

/**
 * The `Peer` a message came from. Parameter decorators are needed for pipes only: decorate all parameters of a
 * handler or none, and keep the order peer, payload, message.
 *
 * @publicApi
 */
export function RemotePeer(): ParameterDecorator {
  return peerParameter();
}

/**
 * The payload of a message, through these pipes.
 *
 * @param pipes instances or classes, as with Nest's own parameter decorators
 * @publicApi
 */
export function MessagePayload(...pipes: unknown[]): ParameterDecorator {
  return payloadParameter(...pipes);
}

/**
 * The whole message: command, payload, size.
 *
 * @publicApi
 */
export function WireMessage(): ParameterDecorator {
  return messageParameter();
}

/**
 * What a guard, interceptor or filter wants to know. Undefined outside the handling of a peer's message, so an
 * enhancer that is global can tell HTTP requests from messages.
 *
 * @publicApi
 */
export function peerContext(host: ArgumentsHost): { readonly peer: Peer; readonly message: Message } | undefined {
  if (host.getType<string>() !== PEER_CONTEXT) return undefined;
  return { peer: host.getArgByIndex<Peer>(0), message: host.getArgByIndex<Message>(2) };
}
