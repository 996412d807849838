/**
 * The wire protocols that are spoken. `legacy` is NEO 2.x, `n3` what MainNet and TestNet speak today.
 *
 * @publicApi
 */
export type DialectName = 'legacy' | 'n3';
