import { DecodeError, type DecodeProblem } from '../primitives/decode.error.js';

/** @throws DecodeError about the frame around a payload */
export function refuseFrame(field: string, offset: number, problem: DecodeProblem, detail: string): never {
  throw new DecodeError({ command: 'frame', field, offset, problem, detail });
}
