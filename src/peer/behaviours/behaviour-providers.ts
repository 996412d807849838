import type { Abstract, InjectionToken, Provider, Type } from '@nestjs/common';
import { OptionsError } from '../../config/options.error.js';
import { behaviourTokenOf, behaviourTokens } from './behaviour-registry.js';
import type { Behaviour } from './behaviour.js';
import { defaultBehaviours } from './default-behaviours.js';

/**
 * Providers for every behaviour token: those given, then the defaults of rooms above, and nothing for each of the rest.
 *
 * A class is provided under itself, so that Nest constructs the guards and interceptors on it and it can be injected
 * and overridden by its own name, with the behaviour's token as an alias.
 *
 * @throws OptionsError for something that is no behaviour, or two for one token
 */
export function behaviourProviders(
  given: readonly (Type<Behaviour> | Provider)[],
  defaults: readonly Provider[] = [],
): Provider[] {
  const providers = new Map<InjectionToken, Provider[]>();
  given.forEach((behaviour, i) => {
    const path = `behaviours[${i}]`;
    const token = tokenOf(behaviour, path);
    if (providers.has(token)) throw new OptionsError(path, behaviour, `one behaviour for ${token.name}`);
    providers.set(
      token,
      typeof behaviour === 'function' ? [behaviour, { provide: token, useExisting: behaviour }] : [behaviour],
    );
  });
  for (const provider of [...defaults, ...defaultBehaviours()]) {
    const token = (provider as { provide: InjectionToken }).provide;
    if (!providers.has(token)) providers.set(token, [provider]);
  }
  return [...providers.values()].flat();
}

function tokenOf(behaviour: unknown, path: string): Abstract<unknown> {
  if (typeof behaviour === 'function') {
    const token = behaviourTokenOf(behaviour);
    if (token !== undefined && token !== behaviour) return token;
  } else if (typeof behaviour === 'object' && behaviour !== null && 'provide' in behaviour) {
    const token = behaviourTokens.find((known) => known === behaviour.provide);
    if (token !== undefined) return token;
  }
  throw new OptionsError(
    path,
    behaviour,
    'a class that extends a behaviour (HeaderHandler, HeightProvider, …), or provideBehaviour(…)',
  );
}
