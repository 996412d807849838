import type { Type } from '@nestjs/common';
import type { DiscoveryService, ModulesContainer } from '@nestjs/core';
import type { Command } from '../../wire/messages.js';

/** How Nest keeps a provider. */
export type ProviderHandle = ReturnType<DiscoveryService['getProviders']>[number];

/** How Nest keeps a module. */
export type ModuleHandle = NonNullable<ReturnType<ModulesContainer['get']>>;

/** A method of any kind, called with whatever the context gives it. */
export type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * One method that is to be called for a command: a behaviour's `handle` or a listener.
 *
 * @internal
 */
export interface HandlerHost {
  readonly instance: object;
  readonly method: string;
  readonly command: Command;
  /** Class and method, for humans. */
  readonly name: string;
  /** Whether what it returns is an answer for the remote. */
  readonly answers: boolean;
  /** The module that holds the guards, interceptors, pipes and filters Nest made for it; undefined if it made none. */
  readonly module: ModuleHandle | undefined;
  /** Controllers are unknown to `ExternalContextCreator`, so what is on them has to be looked up for it. */
  readonly isController: boolean;
}

/** The method itself, as it is now. */
export function methodOf(host: Pick<HandlerHost, 'instance' | 'method'>): Method | undefined {
  const method = (host.instance as Record<string, unknown>)[host.method];
  return typeof method === 'function' ? (method as Method) : undefined;
}

/** What `@UseGuards` and its like put on the class and then on the method, in the order in which Nest applies it. */
export function attached(host: HandlerHost, metadataKey: string): readonly (Type<unknown> | object)[] {
  const ofClass = metadataOf(metadataKey, host.instance.constructor);
  return [...ofClass, ...metadataOf(metadataKey, methodOf(host))];
}

/** The instance that Nest made of a guard, interceptor, pipe or filter class; undefined if it made none. */
export function constructed(host: HandlerHost, enhancer: Type<unknown> | object): object | undefined {
  if (typeof enhancer !== 'function') return enhancer;
  const handle = host.module?.injectables.get(enhancer as Type<unknown>);
  return handle?.instance as object | undefined;
}

function metadataOf(key: string, target: object | undefined): readonly (Type<unknown> | object)[] {
  if (target === undefined) return [];
  return (Reflect.getMetadata(key, target) as readonly (Type<unknown> | object)[] | undefined) ?? [];
}
