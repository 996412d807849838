/**
 * The proof that somebody agrees: a script that pushes the arguments, and the script that checks them.
 *
 * @publicApi
 */
export interface Witness {
  readonly invocation: Uint8Array;
  readonly verification: Uint8Array;
}
