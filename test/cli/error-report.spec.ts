import { describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/cli/error-report.js';
import { UsageError } from '../../src/cli/usage.error.js';
import { DialError } from '../../src/environment/dial.error.js';
import { AlreadyRequestedError } from '../../src/peer/errors/already-requested.error.js';
import { NeoPeerError } from '../../src/wire/primitives/neo-peer.error.js';
import { UInt256 } from '../../src/wire/primitives/uint256.js';

class WideError extends NeoPeerError {
  readonly code = 'NEO_PEER_WIDE';
  readonly services = 2n ** 63n;
}

describe('describeError', () => {
  it('gives one line with the code', () => {
    expect(describeError(new UsageError('first\n  second'), false)).toBe('error: NEO_PEER_USAGE: first second');
  });

  it("does not let what a remote or a file said move the cursor of somebody's terminal", () => {
    expect(describeError(new UsageError('a\u001b[2Jb\u009bc\u007f'), false)).toBe('error: NEO_PEER_USAGE: a?[2Jb?c?');
  });

  it('gives the facts of an error of ours as JSON, with the code and the message', () => {
    const { error } = JSON.parse(describeError(new DialError('10.0.0.1:1', 'refused'), true)) as { error: object };
    expect(Object.keys(error)).toEqual(['code', 'message', 'address']);
    expect(error).toEqual({
      code: 'NEO_PEER_DIAL',
      message: "can't connect to 10.0.0.1:1: refused",
      address: '10.0.0.1:1',
    });
  });

  it('gives hashes as text and 64-bit numbers as decimal strings', () => {
    const hashes = [UInt256.ZERO];
    expect(JSON.parse(describeError(new AlreadyRequestedError(hashes), true))).toMatchObject({
      error: { hashes: [`0x${'0'.repeat(64)}`] },
    });
    expect(JSON.parse(describeError(new WideError('x'), true))).toMatchObject({
      error: { services: '9223372036854775808' },
    });
  });

  it.each([
    [Object.assign(new Error('disk'), { code: 'ENOSPC' }), 'error: ENOSPC: disk'],
    [new Error('broken'), 'error: NEO_PEER_INTERNAL: broken'],
    [new TypeError(''), 'error: NEO_PEER_INTERNAL: TypeError'],
    ['text', 'error: NEO_PEER_INTERNAL: text'],
  ])('reports what is not ours too: %s', (error, line) => {
    expect(describeError(error, false)).toBe(line);
  });
});
