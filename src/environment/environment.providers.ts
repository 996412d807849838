import type { Provider } from '@nestjs/common';
import { Clock } from './clock.js';
import { RandomSource } from './random-source.js';
import { Resolver } from './resolver.js';
import { SystemClock } from './system-clock.js';
import { SystemRandom } from './system-random.js';
import { SystemResolver } from './system-resolver.js';
import { SystemTransport } from './system-transport.js';
import { Transport } from './transport.js';

/**
 * The system's clock, randomness, resolver and transport under their tokens. Each can be overridden by itself.
 *
 * @internal
 */
export const environmentProviders: readonly Provider[] = Object.freeze([
  { provide: Clock, useClass: SystemClock },
  { provide: RandomSource, useClass: SystemRandom },
  { provide: Resolver, useClass: SystemResolver },
  { provide: Transport, useClass: SystemTransport },
]);
