import { ForbiddenException } from '@nestjs/common';
import type { Clock } from '../../environment/clock.js';
import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import { PeerClosedError } from '../errors/peer-closed.error.js';
import type { Peer } from '../peer.js';
import type { StatisticsRegistry } from '../statistics/statistics-registry.js';
import { StatisticsInterceptor } from '../statistics/statistics.interceptor.js';
import { sendAnswer } from './answers.js';
import type { FailureLog } from './failure-log.js';
import { checkHandler } from './handler-checks.js';
import type { HandlerContext } from './handler-context.js';
import type { HandlerExplorer } from './handler-explorer.js';
import type { HandlerHost } from './handler-host.js';
import { MessageDispatcher } from './message-dispatcher.js';

/** Hands one message to one handler, or to several in turn. Never rejects. */
type Delivery = (peer: Peer, message: Message) => Promise<void>;

/** What the dispatcher works with. */
export interface DispatcherSurroundings {
  readonly explorer: HandlerExplorer;
  readonly context: HandlerContext;
  readonly statistics: StatisticsRegistry;
  readonly clock: Clock;
  readonly log: FailureLog;
}

/**
 * Calls behaviours and listeners. Who they are and what stands around them is found out once, at start; for a message
 * there is one look into a map.
 *
 * @internal
 */
export class CommandDispatcher extends MessageDispatcher {
  readonly #surroundings: DispatcherSurroundings;
  #deliveries: ReadonlyMap<Command, Delivery> | undefined;

  constructor(surroundings: DispatcherSurroundings) {
    super();
    this.#surroundings = surroundings;
  }

  /**
   * Finds the handlers and prepares their calls.
   *
   * @throws BehaviourError for a handler that can't work
   */
  build(): void {
    const byCommand = new Map<Command, Delivery[]>();
    for (const host of this.#surroundings.explorer.explore()) {
      const deliveries = byCommand.get(host.command) ?? [];
      byCommand.set(host.command, [...deliveries, this.#deliveryTo(host)]);
    }
    if (byCommand.size > 0) this.#surroundings.context.warnOfScopedGlobals();
    this.#deliveries = new Map([...byCommand].map(([command, deliveries]) => [command, inTurn(deliveries)]));
  }

  dispatch(peer: Peer, message: Message): Promise<void> | undefined {
    return this.#deliveries?.get(message.command)?.(peer, message);
  }

  #deliveryTo(host: HandlerHost): Delivery {
    checkHandler(host);
    const { context, statistics, clock } = this.#surroundings;
    const interceptor = new StatisticsInterceptor(statistics, clock, host.command);
    const invoke = context.surround(host, interceptor);
    const attempt = host.answers
      ? async (peer: Peer, payload: PayloadOf<Command>, message: Message) =>
          sendAnswer(peer, message, await invoke(peer, payload, message), host.name)
      : invoke;
    const filtered = context.filter(host, async (peer, payload, message) => {
      try {
        return await attempt(peer, payload, message);
      } catch (error) {
        if (this.#failed(host, interceptor, peer, message, error)) throw error;
        return undefined;
      }
    });
    return filtered === undefined ? this.#plain(host, interceptor, attempt) : this.#withFilters(host, filtered);
  }

  #plain(
    host: HandlerHost,
    interceptor: StatisticsInterceptor,
    attempt: ReturnType<HandlerContext['surround']>,
  ): Delivery {
    return async (peer, message) => {
      try {
        await attempt(peer, message.payload, message);
      } catch (error) {
        this.#failed(host, interceptor, peer, message, error);
      }
    };
  }

  #withFilters(host: HandlerHost, filtered: ReturnType<HandlerContext['surround']>): Delivery {
    return async (peer, message) => {
      try {
        await filtered(peer, message.payload, message);
      } catch (error) {
        this.#surroundings.log.report(`an exception filter of ${host.name}`, peer, message.command, error);
      }
    };
  }

  /** Counts and logs what went wrong. Returns false for what is nobody's fault and no filter's business. */
  #failed(
    host: HandlerHost,
    interceptor: StatisticsInterceptor,
    peer: Peer,
    message: Message,
    error: unknown,
  ): boolean {
    const { statistics, log } = this.#surroundings;
    const threw = interceptor.hasCounted(message);
    if (!threw && error instanceof ForbiddenException) {
      statistics.refused(peer, host.command);
      return true;
    }
    // The remote went while its answer was being sent.
    if (!threw && error instanceof PeerClosedError) return false;
    if (!threw) statistics.failed(peer, host.command);
    log.report(host.name, peer, host.command, error);
    return true;
  }
}

function inTurn(deliveries: readonly Delivery[]): Delivery {
  if (deliveries.length === 1) return deliveries[0]!;
  return async (peer, message) => {
    for (const deliver of deliveries) await deliver(peer, message);
  };
}
