import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { finalize, tap, type Observable } from 'rxjs';
import type { Clock } from '../../environment/clock.js';
import type { Command, Message } from '../../wire/messages.js';
import type { Peer } from '../peer.js';
import type { StatisticsRegistry } from './statistics-registry.js';

/**
 * Counts the calls of one handler: how many, how many threw, how long they took. It is the innermost interceptor, so
 * that the time is the handler's (with its pipes) and an error counts even if another interceptor turns it into
 * something else.
 *
 * @internal
 */
export class StatisticsInterceptor implements NestInterceptor {
  readonly #statistics: StatisticsRegistry;
  readonly #clock: Clock;
  readonly #command: Command;
  /** Messages at which the handler threw. Each is handed to it only once. */
  readonly #failed = new WeakSet<Message>();

  constructor(statistics: StatisticsRegistry, clock: Clock, command: Command) {
    this.#statistics = statistics;
    this.#clock = clock;
    this.#command = command;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const peer = context.getArgByIndex<Peer>(0);
    const started = this.#clock.monotonic();
    return next.handle().pipe(
      tap({
        error: () => {
          this.#failed.add(context.getArgByIndex<Message>(2));
          this.#statistics.failed(peer, this.#command);
        },
      }),
      finalize(() => this.#statistics.called(peer, this.#command, this.#clock.monotonic() - started)),
    );
  }

  /** Whether the handler threw at that message; if not, an error came from what stands around it. */
  hasCounted(message: Message): boolean {
    return this.#failed.has(message);
  }
}
