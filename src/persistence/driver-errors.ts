import { StoreError, type StoreProblem } from './store.error.js';

/**
 * What a driver's code means, by its beginning: better-sqlite3 gives extended codes such as `SQLITE_BUSY_SNAPSHOT`.
 * Codes: https://www.sqlite.org/rescode.html and https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PROBLEMS: readonly (readonly [codes: readonly string[], problem: StoreProblem])[] = [
  [['SQLITE_NOTADB', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'SQLITE_AUTH'], 'open'],
  [['SQLITE_READONLY', 'EROFS', '25006', '42501'], 'read-only'],
  [['SQLITE_BUSY', 'SQLITE_LOCKED', '55P03', '40P01', '40001'], 'locked'],
  [['SQLITE_FULL', 'ENOSPC', '53100'], 'full'],
  [['SQLITE_CORRUPT', 'XX001', 'XX002'], 'damaged'],
  [['42P01', '42P07', '42703', '42804', '42P10'], 'schema'],
  [['EACCES', 'ENOTDIR', 'ENOENT', 'EISDIR', 'EEXIST', 'EPERM', 'EMFILE', 'ENFILE'], 'open'],
  [['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE'], 'open'],
  [['08', '28', '3D000', '53300', '57P'], 'open'],
];

const ADVICE: Readonly<Record<StoreProblem, string>> = Object.freeze({
  open: "it can't be opened or isn't a database; check the path, the server and the rights, or move the file away to begin anew",
  'read-only': "it can't be written; check the rights of the file and its folder, or of the account",
  locked: 'another process holds it; end that process, or give each its own database',
  full: 'there is no room left; free some on its disk',
  damaged: 'it is damaged; move the file away to begin anew, and keep it if you want to recover rows',
  schema:
    'its tables are not those of this version; a node that starts on those of an earlier one brings them up to date; for others use the version that made them, another tablePrefix, or another database',
  query: 'the database reported an error; mend what it names: as long as the process runs, every save tries again',
});

/**
 * Makes a {@link StoreError} of whatever the driver or TypeORM threw.
 *
 * @param otherwise the problem where the code tells none
 * @internal
 */
export function storeError(database: string, error: unknown, otherwise: StoreProblem = 'query'): StoreError {
  if (error instanceof StoreError) return error;
  const problem = problemOf(error) ?? otherwise;
  const reported = error instanceof Error ? error.message : String(error);
  return new StoreError(database, problem, `${ADVICE[problem]} (${reported})`, { cause: error });
}

/** A problem that no driver reported. */
export function storeErrorOf(database: string, problem: StoreProblem, seen: string): StoreError {
  return new StoreError(database, problem, `${ADVICE[problem]} (${seen})`);
}

function problemOf(error: unknown): StoreProblem | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  return PROBLEMS.find(([codes]) => codes.some((known) => code.startsWith(known)))?.[1];
}

/** TypeORM wraps the driver's error in `driverError`; Node and the drivers put the code in `code`. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  const inner = driverError === undefined || driverError === error ? undefined : codeOf(driverError);
  return inner ?? (typeof code === 'string' ? code : undefined);
}
