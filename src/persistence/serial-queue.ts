/**
 * Runs tasks one after the other, in the order they were given. On SQLite all of TypeORM's query runners share one
 * connection, so two transactions at a time would become one.
 *
 * @internal
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the task does. A task that fails doesn't keep the next from running. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined); // the caller has the error
    return result;
  }
}
