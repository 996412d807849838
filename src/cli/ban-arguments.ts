import { Argument, InvalidArgumentError } from 'commander';
import { Subnet } from '../pool/addresses/subnet.js';
import { parseDuration } from '../pool/bans/duration.js';

/** Characters of a reason: a line or two. It stands in the database and in every listing. */
const LONGEST_REASON = 300;

/** `<address|cidr>`, the same in every command that takes one. */
export function subjectArgument(): Argument {
  return new Argument('<address|cidr>', 'an IP address, or a subnet like 10.0.0.0/8').argParser(parseSubject);
}

/** Parses an IP address or a subnet. A name is refused: what it means may change. */
export function parseSubject(text: string): Subnet {
  const subject = Subnet.parse(text);
  if (subject === undefined) throw new InvalidArgumentError('An IP address or a subnet like 10.0.0.0/8 is allowed.');
  return subject;
}

/** Parses `--for`, to milliseconds. */
export function parseBanDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new InvalidArgumentError('A time like 30s, 15m, 24h, 7d or 1d12h is allowed, a hundred years at most.');
  }
  return ms;
}

/** Parses `--reason`. */
export function parseReason(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > LONGEST_REASON) {
    throw new InvalidArgumentError(`A text of 1 to ${LONGEST_REASON} characters is allowed.`);
  }
  return reason;
}
