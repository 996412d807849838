import { DecodeError } from '../wire/primitives/decode.error.js';

const NOT_HEX = /[^0-9a-fA-F]/;

/**
 * Bytes written as hex text, in pieces cut anywhere. White space is allowed everywhere, `0x` in front.
 *
 * @throws DecodeError (while iterating) at anything else, and when a digit is left over
 * @internal
 */
export async function* hexBytes(
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string>,
): AsyncIterable<Uint8Array> {
  let digits = '';
  let read = 0;
  let begun = false;
  for await (const piece of pieces) {
    digits += Buffer.from(piece).toString('latin1').replace(/\s+/g, '');
    if (!begun) {
      if (digits.length < 2) continue;
      begun = true;
      if (/^0x/i.test(digits)) digits = digits.slice(2);
    }
    const whole = digits.slice(0, digits.length & ~1);
    check(whole, read);
    read += whole.length;
    digits = digits.slice(whole.length);
    if (whole !== '') yield Buffer.from(whole, 'hex');
  }
  if (digits === '') return;
  check(digits, read);
  throw hexError('truncated', read, 'the last byte has one digit');
}

function check(digits: string, read: number): void {
  const at = digits.search(NOT_HEX);
  if (at === -1) return;
  throw hexError('value', read + at, `${JSON.stringify(digits[at])} is no hex digit`);
}

/** The offset counts digits, without white space. */
function hexError(problem: 'truncated' | 'value', offset: number, detail: string): DecodeError {
  return new DecodeError({ command: 'hex', field: 'text', offset, problem, detail });
}
