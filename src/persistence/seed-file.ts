import { readFile } from 'node:fs/promises';
import type { NetworkDefinition } from '../config/options.js';
import { parseAddress } from '../environment/address.js';
import type { Endpoint } from '../environment/connection.js';
import { JsonSyntaxError, parseLocatedJson, placeOf, type LocatedJson } from './located-json.js';
import { SeedFileError } from './seed-file.error.js';

/** The only layout of seed files so far. */
const SEED_FILE_SCHEMA = 1;

/**
 * Reads the addresses to begin with:
 *
 * ```json
 * { "schema": 1, "network": "n3-mainnet", "magic": 860833102, "seeds": ["seed1.neo.org:10333"] }
 * ```
 *
 * Host names stay names. An address that is there twice counts once. Fields that we don't know are left alone.
 *
 * @param network whose seeds they must be: name and magic are compared
 * @throws SeedFileError naming the file, the place and the field
 * @internal
 */
export async function loadSeedFile(
  file: string,
  network: Pick<NetworkDefinition, 'name' | 'magic'>,
): Promise<Endpoint[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new SeedFileError(file, 0, 0, '', `it can't be read (${(cause as Error).message})`, { cause });
  }
  return parseSeedFile(file, text.replace(/^\uFEFF/, ''), network);
}

function parseSeedFile(file: string, text: string, network: Pick<NetworkDefinition, 'name' | 'magic'>): Endpoint[] {
  const json = parse(file, text);
  const fail = (field: string, detail: string): SeedFileError => {
    // A field that is missing has no place of its own: its parent's is named.
    const { line, column } = placeOf(text, json.offsets.get(field) ?? json.offsets.get('') ?? 0);
    return new SeedFileError(file, line, column, field, detail);
  };
  const root = json.value;
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw fail('', 'an object expected');
  const { schema, network: name, magic, seeds } = root as Record<string, unknown>;
  const expected = { schema: SEED_FILE_SCHEMA, network: network.name, magic: network.magic };
  for (const [field, value] of Object.entries({ schema, network: name, magic })) {
    const due = expected[field as keyof typeof expected];
    if (value !== due) throw fail(field, `${JSON.stringify(due)} expected, ${shown(value)} found`);
  }
  if (!Array.isArray(seeds) || seeds.length === 0)
    throw fail('seeds', `a list of addresses expected, ${shown(seeds)} found`);
  const addresses = new Map<string, Endpoint>();
  for (const [i, seed] of (seeds as unknown[]).entries()) {
    const address = typeof seed === 'string' ? parseAddress(seed) : undefined;
    if (!address) throw fail(`seeds[${i}]`, `"host:port" with a port from 1 to 65535 expected, ${shown(seed)} found`);
    addresses.set(`${address.host} ${address.port}`, address);
  }
  return [...addresses.values()];
}

function parse(file: string, text: string): LocatedJson {
  try {
    return parseLocatedJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonSyntaxError)) throw cause;
    const { line, column } = placeOf(text, cause.offset);
    const found = cause.offset < text.length ? JSON.stringify(text[cause.offset]) : 'the end of the file';
    throw new SeedFileError(file, line, column, '', `${cause.expected} expected, ${found} found`, { cause });
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}
