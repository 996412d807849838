import { expect } from '@jest/globals';
import { DecodeError } from '../../src/wire/primitives/decode.error.js';

/** The facts of a refusal that tests compare. */
export type Refusal = Pick<DecodeError, 'command' | 'field' | 'offset' | 'problem'>;

/** The DecodeError that `run` throws; anything else thrown, or nothing, fails the test. */
export function decodeFailure(run: () => unknown): DecodeError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return error as DecodeError;
  }
  throw new Error('nothing was thrown');
}

/** The facts of the DecodeError that `run` throws; anything else thrown, or nothing, fails the test. */
export function refusalOf(run: () => unknown): Refusal {
  const { command, field, offset, problem } = decodeFailure(run);
  return { command, field, offset, problem };
}

/** Fails unless `run` either returns or throws a DecodeError, as it must for bytes that a stranger made. */
export function decodesOrRefuses<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
