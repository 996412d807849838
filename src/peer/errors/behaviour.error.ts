import { NeoPeerError } from '../../wire/primitives/neo-peer.error.js';

/**
 * What is wrong with a behaviour or listener:
 * - `scope`: it is request-scoped or transient, but messages have no request to live in
 * - `parameters`: some of its parameters are decorated and some are not
 * - `enhancer`: Nest doesn't construct a guard, interceptor, pipe or filter class that it uses
 * - `answer`: what it returned can't be sent
 *
 * @publicApi
 */
export type BehaviourProblem = 'scope' | 'parameters' | 'enhancer' | 'answer';

/**
 * A behaviour or `@OnCommand` listener that can't work. All but `answer` make the start fail.
 *
 * @publicApi
 */
export class BehaviourError extends NeoPeerError {
  readonly code = 'NEO_PEER_BEHAVIOUR';

  constructor(
    /** Class and method, for example `MyHeaders.handle`. */
    readonly handler: string,
    readonly problem: BehaviourProblem,
    /** What is wrong and what to do. */
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${handler}: ${detail}`, options);
  }
}
