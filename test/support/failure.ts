/** What a promise rejects with; a value that is no error if it resolves, so that an expectation fails and shows it. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ notFailed: value }),
    (error: unknown) => error,
  );
}
