import { MAX_HEIGHT } from '../connection/local-height.js';

/** @throws RangeError when it is no whole number, or below 0 */
export function checkCount(count: number | undefined): void {
  if (count !== undefined && !(Number.isInteger(count) && count >= 0)) {
    throw new RangeError(`count must be a whole number from 0 on, not ${count}`);
  }
}

/** @throws RangeError when it is no height that fits into a message */
export function checkHeight(height: number): void {
  if (!Number.isInteger(height) || height < 0 || height > MAX_HEIGHT) {
    throw new RangeError(`a height must be a whole number from 0 to ${MAX_HEIGHT}, not ${height}`);
  }
}
