import type { Type } from '@nestjs/common';
import { BehaviourError } from '../errors/behaviour.error.js';
import { attached, constructed, methodOf, type HandlerHost, type ProviderHandle } from './handler-host.js';
import { NEST_METADATA, PARAMETER_TYPES } from './nest-metadata.js';

/** One parameter, as Nest's parameter decorators note it. */
interface DecoratedParameter {
  readonly index: number;
  readonly pipes?: readonly (Type<unknown> | object)[];
}

/**
 * A message has no request to live in, so neither has what handles it.
 *
 * @throws BehaviourError if Nest would make it anew for each request, or for each that injects it
 */
export function checkScope(handle: ProviderHandle, name: string): void {
  if (!handle.isTransient && handle.isDependencyTreeStatic()) return;
  const detail =
    'it, or something it injects or is guarded by, is request-scoped or transient; make it a singleton, and resolve what is scoped through ModuleRef';
  throw new BehaviourError(name, 'scope', detail);
}

/**
 * Looks for what would go wrong silently: a parameter that would be undefined, a guard that wouldn't run.
 *
 * @throws BehaviourError
 */
export function checkHandler(host: HandlerHost): void {
  const method = methodOf(host);
  if (method === undefined) throw new BehaviourError(host.name, 'parameters', 'there is no such method');
  const parameters = decoratedParameters(host);
  const count = Math.max(method.length, parameterTypes(host));
  if (
    parameters.length > 0 &&
    !(parameters.length >= count && parameters.every(({ index }) => index < parameters.length))
  ) {
    throw new BehaviourError(
      host.name,
      'parameters',
      `${parameters.length} of its ${count} parameters are decorated: decorate all or none`,
    );
  }
  const enhancers = [
    ...attached(host, NEST_METADATA.guards),
    ...attached(host, NEST_METADATA.interceptors),
    ...attached(host, NEST_METADATA.pipes),
    ...attached(host, NEST_METADATA.filters),
  ];
  for (const enhancer of enhancers) if (constructed(host, enhancer) === undefined) throw notConstructed(host, enhancer);
  for (const pipe of parameters.flatMap(({ pipes }) => pipes ?? [])) {
    if (typeof pipe === 'function' && (host.isController || constructed(host, pipe) === undefined))
      throw notConstructed(host, pipe);
  }
}

function notConstructed(host: HandlerHost, enhancer: Type<unknown> | object): BehaviourError {
  const name = (enhancer as Type<unknown>).name;
  const detail = `Nest doesn't construct ${name} for it; provide the class that has ${name} as a class (not by useFactory or useValue, and for pipes on parameters not as a controller), or give an instance of ${name}`;
  return new BehaviourError(host.name, 'enhancer', detail);
}

function decoratedParameters(host: HandlerHost): readonly DecoratedParameter[] {
  const { constructor } = host.instance;
  if (constructor === undefined) return [];
  return Object.values(
    (Reflect.getMetadata(NEST_METADATA.parameters, constructor, host.method) ?? {}) as Record<
      string,
      DecoratedParameter
    >,
  );
}

/** All parameters, where the compiler noted their types; a function's `length` leaves out those with defaults. */
function parameterTypes(host: HandlerHost): number {
  return ((Reflect.getMetadata(PARAMETER_TYPES, host.instance, host.method) as unknown[] | undefined) ?? []).length;
}
