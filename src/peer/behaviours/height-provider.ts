/**
 * Knows our block height, which real nodes go by when they decide what to ask and tell us. The default says 0.
 *
 * @publicApi
 */
export abstract class HeightProvider {
  /** Height of the newest block we have and can serve. Asked for each version, ping and pong: keep it cheap. */
  abstract height(): number;
}
