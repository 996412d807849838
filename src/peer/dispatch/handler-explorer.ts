import { Logger, type Abstract, type InjectionToken } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, type ModulesContainer } from '@nestjs/core';
import type { Command } from '../../wire/messages.js';
import { handlerTokens } from '../behaviours/behaviour-registry.js';
import { NoHandler } from '../behaviours/default-behaviours.js';
import { HeightProvider } from '../behaviours/height-provider.js';
import { subscriptionsOf } from '../behaviours/on-command.decorator.js';
import { PeerAdmission } from '../behaviours/peer-admission.js';
import { PeerModuleIdentity } from '../module-identity.js';
import { checkScope } from './handler-checks.js';
import type { HandlerHost, ModuleHandle, ProviderHandle } from './handler-host.js';

const ANSWERED: ReadonlySet<Command> = new Set([
  'getheaders',
  'getblocks',
  'getdata',
  'getblockbyindex',
  'mempool',
  'getaddr',
  'getroots',
  'getmptdata',
]);

/**
 * Finds everything that is to be called when a command comes: the module's behaviours, and the listeners of the whole
 * application that mean this module.
 *
 * @internal
 */
export class HandlerExplorer {
  readonly #logger = new Logger(HandlerExplorer.name);
  readonly #identity: PeerModuleIdentity;
  readonly #modules: ModulesContainer;
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;

  constructor(
    identity: PeerModuleIdentity,
    modules: ModulesContainer,
    discovery: DiscoveryService,
    scanner: MetadataScanner,
  ) {
    this.#identity = identity;
    this.#modules = modules;
    this.#discovery = discovery;
    this.#scanner = scanner;
  }

  /**
   * Behaviours first, then listeners in the order in which Nest knows them.
   *
   * @throws BehaviourError for one that Nest would make anew for each request
   */
  explore(): HandlerHost[] {
    return [...this.#behaviours(), ...this.#listeners()];
  }

  *#behaviours(): Generator<HandlerHost> {
    const own = this.#ownModule();
    for (const token of [HeightProvider, PeerAdmission]) checkScope(handleOf(own, token), providedName(own, token));
    for (const [command, token] of handlerTokens) {
      const handle = handleOf(own, token);
      checkScope(handle, providedName(own, token));
      const instance = handle.instance as object;
      if (instance instanceof NoHandler) continue;
      const name = `${nameOf(instance, token.name)}.handle`;
      const answers = ANSWERED.has(command);
      yield { instance, method: 'handle', command, name, answers, module: this.#hostOf(instance), isController: false };
    }
  }

  *#listeners(): Generator<HandlerHost> {
    const seen = new Set<object>();
    const controllers = new Set<ProviderHandle>(this.#discovery.getControllers());
    const names = new Set([...this.#identities()].map(({ label }) => label));
    for (const handle of [...this.#discovery.getProviders(), ...controllers]) {
      const instance: unknown = handle.isAlias ? undefined : handle.instance;
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      seen.add(instance);
      yield* this.#listenersOf(handle, instance, controllers.has(handle), names);
    }
  }

  *#listenersOf(
    handle: ProviderHandle,
    instance: object,
    isController: boolean,
    names: ReadonlySet<string>,
  ): Generator<HandlerHost> {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object> | null;
    for (const method of this.#scanner.getAllMethodNames(prototype)) {
      for (const { command, peer } of subscriptionsOf(prototype![method]!)) {
        const name = `${nameOf(instance, String(handle.name))}.${method}`;
        this.#warnOfStray(name, peer, names);
        if (!this.#identity.answersTo(peer)) continue;
        checkScope(handle, name);
        const module = isController ? (handle.host as ModuleHandle) : this.#hostOf(instance);
        yield { instance, method, command, name, answers: false, module, isController };
      }
    }
  }

  /** A listener that no module calls is most likely a slip, but may be meant: the class is shared by applications. */
  #warnOfStray(name: string, peer: string | undefined, names: ReadonlySet<string>): void {
    if (this.#identity !== this.#identities().next().value) return;
    if ([...this.#identities()].some((identity) => identity.answersTo(peer))) return;
    const wanted = peer === undefined ? 'the PeerModule without a name' : `the PeerModule '${peer}'`;
    this.#logger.warn(
      `${name} listens to ${wanted}, which this application doesn't have; there are: ${[...names].join(', ')}`,
    );
  }

  #ownModule(): ModuleHandle {
    for (const module of this.#modules.values()) {
      if (module.providers.get(PeerModuleIdentity)?.instance === this.#identity) return module;
    }
    throw new TypeError('the module of this explorer is not in its application');
  }

  *#identities(): Generator<PeerModuleIdentity> {
    for (const module of this.#modules.values()) {
      const identity: unknown = module.providers.get(PeerModuleIdentity)?.instance;
      if (identity instanceof PeerModuleIdentity) yield identity;
    }
  }

  /** The module that holds the instance's enhancers, found the way `ExternalContextCreator` does. */
  #hostOf(instance: object): ModuleHandle | undefined {
    let host: ModuleHandle | undefined;
    for (const module of this.#modules.values()) {
      for (const handle of module.providers.values()) {
        if (handle.isAlias || handle.instance !== instance) continue;
        if (!handle.isNotMetatype) return module;
        host ??= module;
      }
    }
    return host;
  }
}

function handleOf(module: ModuleHandle, token: InjectionToken): ProviderHandle {
  const handle = module.providers.get(token);
  if (handle === undefined) throw new TypeError(`${String(token)} is not provided`);
  return handle;
}

/** The class the user gave, where there is one, and what it was given for. */
function providedName(module: ModuleHandle, token: Abstract<unknown>): string {
  const handle = handleOf(module, token);
  const given: unknown = handle.isAlias ? handle.inject?.[0] : handle.isNotMetatype ? undefined : handle.metatype;
  return typeof given === 'function' ? `${given.name} (${token.name})` : token.name;
}

function nameOf(instance: object, otherwise: string): string {
  const name = instance.constructor?.name;
  return name === undefined || name === 'Object' || name === '' ? otherwise : name;
}
