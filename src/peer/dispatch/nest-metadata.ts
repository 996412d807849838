/**
 * Names under which Nest keeps what its decorators say. Nest exports them for its own packages only, so they are
 * repeated here, in the one place that uses them; a test compares them with Nest's.
 */
export const NEST_METADATA = Object.freeze({
  guards: '__guards__',
  interceptors: '__interceptors__',
  pipes: '__pipes__',
  filters: '__exceptionFilters__',
  parameters: '__routeArguments__',
});

/** Written by the TypeScript compiler: the types of a method's parameters. */
export const PARAMETER_TYPES = 'design:paramtypes';
