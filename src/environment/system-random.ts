import { randomBytes, randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RandomSource } from './random-source.js';

/**
 * The system's random numbers, good enough for secrets.
 *
 * @internal
 */
@Injectable()
export class SystemRandom extends RandomSource {
  bytes(size: number): Uint8Array {
    return randomBytes(size);
  }

  integer(below: number): number {
    return randomInt(below);
  }
}
