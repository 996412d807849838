import {
  Catch,
  Logger,
  UseFilters,
  UseInterceptors,
  type ArgumentsHost,
  type ExceptionFilter,
  type NestInterceptor,
} from '@nestjs/common';
import { ApplicationConfig, ExternalContextCreator, NestContainer, type ModulesContainer } from '@nestjs/core';
import type { Command, Message, PayloadOf } from '../../wire/messages.js';
import { PEER_CONTEXT } from '../behaviours/parameters.decorator.js';
import type { Peer } from '../peer.js';
import { attached, constructed, methodOf, type HandlerHost, type Method, type ProviderHandle } from './handler-host.js';
import { NEST_METADATA } from './nest-metadata.js';

/** A handler with all that stands around it. */
export type Invocation = (peer: Peer, payload: PayloadOf<Command>, message: Message) => Promise<unknown>;

/** Tells Nest that a filter has dealt with the error; nothing would mean that it hasn't. */
const HANDLED = Object.freeze({});

/**
 * Puts guards, interceptors, pipes and filters around handlers, with Nest's own `ExternalContextCreator`.
 *
 * @internal
 */
export class HandlerContext {
  readonly #creator: ExternalContextCreator;
  /** Makes contexts without the application's global enhancers. */
  readonly #bareCreator: ExternalContextCreator;
  /** Filters may be added until the application is initialised, so they are asked for when handlers are found. */
  readonly #globalFilters: () => readonly ExceptionFilter[];
  readonly #scopedGlobals: () => readonly ProviderHandle[];
  readonly #logger = new Logger(HandlerContext.name);

  /** @param globalEnhancers false leaves out what `app.useGlobal…` and `APP_…` set */
  constructor(
    creator: ExternalContextCreator,
    config: ApplicationConfig,
    modules: ModulesContainer,
    globalEnhancers: boolean,
  ) {
    this.#bareCreator = ExternalContextCreator.fromContainer(new BareContainer(modules));
    this.#creator = globalEnhancers ? creator : this.#bareCreator;
    this.#globalFilters = () => (globalEnhancers ? config.getGlobalFilters() : []);
    this.#scopedGlobals = () => (globalEnhancers ? scopedGlobals(config) : []);
  }

  /** Nest makes these anew for each request. They may be meant for HTTP alone, but a guard that doesn't guard must be known. */
  warnOfScopedGlobals(): void {
    const names = this.#scopedGlobals().map(
      ({ metatype, name }) => (metatype as { name?: string } | null)?.name || name,
    );
    if (names.length > 0) {
      const advice = 'make them singletons, or put others on the handlers';
      this.#logger.warn(`global enhancers of request scope don't run for messages: ${names.join(', ')}; ${advice}`);
    }
  }

  /** Guards, interceptors and pipes, but no filters; `innermost` is the interceptor next to the method. */
  surround(host: HandlerHost, innermost: NestInterceptor): Invocation {
    const target = wrap(host);
    if (host.isController) resolveClasses(host, target);
    UseInterceptors(innermost)(host.instance, host.method, { value: target });
    return this.#creator.create(
      host.instance,
      target,
      host.method,
      NEST_METADATA.parameters,
      { exchangeKeyForValue: () => undefined }, // without it Nest ignores parameter decorators
      undefined,
      undefined,
      { guards: true, interceptors: true, filters: false },
      PEER_CONTEXT,
    );
  }

  /**
   * The same invocation with its errors passed to the exception filters of method, class and application; undefined
   * where there are none. What a filter returns is given up, what it throws is thrown.
   */
  filter(host: HandlerHost, invocation: Invocation): Invocation | undefined {
    const filters = [
      ...this.#globalFilters(),
      ...attached(host, NEST_METADATA.filters).map((filter) => constructed(host, filter) as ExceptionFilter),
    ];
    if (filters.length === 0) return undefined;
    const target: Method = (peer, payload, message) =>
      invocation(peer as Peer, payload as PayloadOf<Command>, message as Message);
    // Nest asks the last one first.
    UseFilters(new IgnoringFilter(), ...filters.map(settling))(host.instance, host.method, { value: target });
    return this.#bareCreator.create(
      host.instance,
      target,
      host.method,
      undefined,
      undefined,
      undefined,
      undefined,
      { guards: false, interceptors: false, filters: true },
      PEER_CONTEXT,
    );
  }
}

function scopedGlobals(config: ApplicationConfig): readonly ProviderHandle[] {
  return [
    ...config.getGlobalRequestGuards(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalRequestPipes(),
    ...config.getGlobalRequestFilters(),
  ];
}

/** What `ExternalContextCreator` needs of an application: its modules, and no global enhancers. */
class BareContainer extends NestContainer {
  readonly #modules: ModulesContainer;

  constructor(modules: ModulesContainer) {
    super(new ApplicationConfig());
    this.#modules = modules;
  }

  override getModules(): ModulesContainer {
    return this.#modules;
  }
}

/** Takes what no other filter took. Nest would log it, each time, and the dispatcher has done so within limits. */
@Catch()
class IgnoringFilter implements ExceptionFilter {
  catch(): object {
    return HANDLED;
  }
}

/** The same filter for the same errors, which it has always dealt with, even if it returns nothing. */
function settling(filter: ExceptionFilter): ExceptionFilter {
  const handle = filter.catch.bind(filter);
  // What @Catch() noted is found through the prototype.
  return Object.create(filter, {
    catch: {
      value: (error: unknown, host: ArgumentsHost): unknown => handle(error, host) ?? HANDLED,
    },
  }) as ExceptionFilter;
}

/**
 * A function that calls the method, as it is at that time, and carries its metadata: what is put on it leaves the
 * user's class alone.
 */
function wrap(host: HandlerHost): Method {
  const { method } = host;
  const target: Method = function (this: unknown, ...args: unknown[]): unknown {
    return (this as Record<string, Method>)[method]!(...args);
  };
  const original = methodOf(host)!;
  Object.defineProperty(target, 'name', { value: original.name });
  for (const key of Reflect.getMetadataKeys(original))
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), target);
  return target;
}

/** Nest looks for a controller's enhancer classes among providers, finds none, and leaves them out: so give instances. */
function resolveClasses(host: HandlerHost, target: Method): void {
  for (const key of [NEST_METADATA.guards, NEST_METADATA.interceptors, NEST_METADATA.pipes]) {
    const classes = attached(host, key).filter(
      (enhancer) => typeof enhancer === 'function' || !isOfClass(host, key, enhancer),
    );
    Reflect.defineMetadata(
      key,
      classes.map((enhancer) => constructed(host, enhancer)),
      target,
    );
  }
}

/** Instances on the class are found by Nest itself. */
function isOfClass(host: HandlerHost, key: string, enhancer: object): boolean {
  return ((Reflect.getMetadata(key, host.instance.constructor) as unknown[] | undefined) ?? []).includes(enhancer);
}
