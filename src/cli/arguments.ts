import { InvalidArgumentError, Option } from 'commander';
import { parseAddress } from '../environment/address.js';
import type { Endpoint } from '../environment/connection.js';
import { DecodeError } from '../wire/primitives/decode.error.js';
import { UInt256 } from '../wire/primitives/uint256.js';

const DECIMAL = /^\d+$/;
const MAX_MAGIC = 0xffffffff;
const MAX_INDEX = 0xffffffff;

/** Digits of a hash. Fewer of them, all decimal, are an index. */
const HASH_DIGITS = 64;

/** How somebody names a block: its index, or its hash. */
export type BlockName = number | UInt256;

/** Parses `--magic`: decimal, or hex behind 0x. */
export function parseMagic(text: string): number {
  const magic = /^0x[0-9a-f]{1,8}$/i.test(text) || DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(magic <= MAX_MAGIC)) throw new InvalidArgumentError(`A number from 0 to ${MAX_MAGIC} is allowed.`);
  return magic;
}

/** Parses `--count` and `--limit`: 1 or more. */
export function parseCount(text: string): number {
  const count = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('A whole number from 1 is allowed.');
  return count;
}

/** Parses `--listen`: a TCP port, 0 lets the system choose. */
export function parsePort(text: string): number {
  const port = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('A port from 0 to 65535 is allowed.');
  return port;
}

/** Parses `--connect`. */
export function parseEndpoint(text: string): Endpoint {
  const endpoint = parseAddress(text);
  if (endpoint === undefined) {
    throw new InvalidArgumentError('host:port is allowed, with IPv6 addresses in brackets and a port from 1 to 65535.');
  }
  return endpoint;
}

/** The same for an option that may be given many times. */
export function collectEndpoints(text: string, before: readonly Endpoint[] = []): readonly Endpoint[] {
  return [...before, parseEndpoint(text)];
}

/** Parses `--from`: an index, or a hash in display order, `0x` optional. */
export function parseBlockName(text: string): BlockName {
  if (DECIMAL.test(text) && text.length < HASH_DIGITS) {
    const index = Number(text);
    if (!(index <= MAX_INDEX)) throw new InvalidArgumentError(`An index from 0 to ${MAX_INDEX} is allowed.`);
    return index;
  }
  try {
    return UInt256.from(text);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new InvalidArgumentError(`An index or ${HASH_DIGITS} hex digits (0x optional) are allowed.`);
  }
}

/** Parses `--min-height`. */
export function parseHeight(text: string): number {
  const height = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(height <= MAX_INDEX)) throw new InvalidArgumentError(`A height from 0 to ${MAX_INDEX} is allowed.`);
  return height;
}

/** Parses `--user-agent`: an empty text, which all have, would rather be a variable that isn't set. */
export function parsePart(text: string): string {
  if (text === '') throw new InvalidArgumentError('A text is allowed.');
  return text;
}

/** Parses `--db`: an empty path would be a database that is gone after the run. */
export function parsePath(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A path is allowed.');
  return text;
}

/** `--connect`, the same in every command that asks one node. */
export function connectOption(): Option {
  return new Option('--connect <host:port>', 'the node to ask').argParser(parseEndpoint).makeOptionMandatory();
}

/** `--from`, the same in every command that fetches a part of the chain. */
export function fromOption(): Option {
  return new Option(
    '--from <hash|index>',
    'begin after the block of that hash, or with that of that index (default: after the genesis block)',
  ).argParser(parseBlockName);
}

/** `--count`, the same in every command that fetches a part of the chain. */
export function countOption(): Option {
  return new Option('--count <n>', 'end after that many (default: at the tip)').argParser(parseCount);
}

/** `--no-verify`, the same in every command that verifies headers. */
export function noVerifyOption(): Option {
  return new Option('--no-verify', 'check that headers follow one on the other, but not who signed them');
}

/** `--magic`, the same in every command. */
export function magicOption(): Option {
  return new Option('--magic <number>', "the network's magic, if it isn't the usual one (decimal or 0x…)").argParser(
    parseMagic,
  );
}

/** `--json`, the same in every command. */
export function jsonOption(what: string): Option {
  return new Option('--json', `print ${what}; errors become JSON too`);
}

/** `--db`, the same in every command. */
export function databaseOption(): Option {
  return new Option('--db <path>', 'the database file').default('./neo-peer.sqlite').argParser(parsePath);
}
