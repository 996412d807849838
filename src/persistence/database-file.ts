import { stat } from 'node:fs/promises';

/**
 * The file a connection has open, as far as its path tells: SQLite goes on writing to a file that was deleted or moved away,
 * without an error, and all of it would be lost.
 *
 * @internal
 */
export class DatabaseFile {
  private constructor(
    private readonly path: string,
    private readonly identity: string | undefined,
  ) {}

  /** @param path of a file that was just opened; undefined or empty for a database that is none */
  static async opened(path: string | undefined): Promise<DatabaseFile | undefined> {
    return path ? new DatabaseFile(path, await identityOf(path)) : undefined;
  }

  /** Whether the path leads to another file now, or to none. */
  async isAnother(): Promise<boolean> {
    return this.identity !== (await identityOf(this.path));
  }
}

/** Undefined where there is no file to be seen. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev} ${found.ino}`;
}
