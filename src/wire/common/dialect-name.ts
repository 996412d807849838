/**
 * The wire protocols that are spoken. `legacy` is NEO 2.x.
 *
 * @publicApi
 */
export type DialectName = 'legacy';
