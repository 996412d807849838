import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storeError } from '../persistence/driver-errors.js';
import { ProcessFile } from '../persistence/process-file.js';
import { NodeRunningError } from './node-running.error.js';

/**
 * Says beside a SQLite file that this process runs a node on it, before the file is opened. The folder is made if it isn't
 * there, as it would be for the database. Databases that are no file can't be shared, and nothing is done.
 *
 * @returns takes it back, once the database is closed
 * @throws NodeRunningError when another process runs one
 * @throws StoreError when the file beside can't be read or written
 * @internal
 */
export async function claimDatabase(database: string): Promise<() => Promise<void>> {
  const file = ProcessFile.beside({ type: 'sqlite', database });
  if (file === undefined) return () => Promise.resolve();
  try {
    await mkdir(dirname(database), { recursive: true });
  } catch (error) {
    throw storeError(database, error, 'open');
  }
  const pid = await file.claim();
  if (pid !== undefined) throw new NodeRunningError(database, pid);
  return () => file.release();
}

/**
 * Does nothing unless a node runs on the database.
 *
 * @throws NodeRunningError
 * @throws StoreError when the file beside can't be read
 * @internal
 */
export async function refuseRunning(database: string): Promise<void> {
  const pid = await ProcessFile.runningPid(database);
  if (pid !== undefined) throw new NodeRunningError(database, pid);
}
