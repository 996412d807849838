import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { plainHost } from './address.js';
import type { CallOptions } from './call-options.js';
import { withinLimits } from './call-limits.js';
import { Clock } from './clock.js';
import { DialError } from './dial.error.js';
import { Resolver } from './resolver.js';
import { systemCodeOf } from './system-error.js';

/**
 * The system's way to resolve names (hosts file, then DNS), in the order the system prefers. Each answer stands once.
 *
 * @internal
 */
@Injectable()
export class SystemResolver extends Resolver {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  /**
   * @param options `timeoutMs` defaults to none: the system gives up by itself. A lookup that was given up goes on in
   * the system's thread, unnoticed.
   * @throws DialError also when `timeoutMs` ran out
   */
  async resolve(host: string, options?: CallOptions): Promise<readonly string[]> {
    const found = isIP(host) === 0 ? lookUp(host) : Promise.resolve([plainHost(host)]);
    return await withinLimits(found, this.#clock, options, () => {
      return new DialError(host, `its name was not resolved within ${options?.timeoutMs} ms`);
    });
  }
}

async function lookUp(host: string): Promise<readonly string[]> {
  try {
    const answers = await lookup(host, { all: true });
    if (answers.length > 0) return [...new Set(answers.map(({ address }) => plainHost(address)))];
  } catch (error) {
    const code = systemCodeOf(error);
    const detail = code === 'ENOTFOUND' ? 'its name has no address' : `its name can't be resolved now (${code})`;
    throw new DialError(host, detail, { cause: error });
  }
  throw new DialError(host, 'its name has no address');
}
