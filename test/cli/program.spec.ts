import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { poolEvent } from '../../src/cli/run/pool-event.js';
import { cli } from '../support/cli.js';
import { poolStatus } from './pool-status.js';

const VERACK = '416e740076657261636b000000000000000000005df6e0e2';
const DECODE = ['decode', '--network', 'legacy-mainnet'];
const CONNECT = ['--connect', '127.0.0.1:10333'];

describe('neo-peer', () => {
  it.each(['--version', '-V'])('prints its version for %s', async (option) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { code, stdout, stderr } = await cli([option]);
    expect({ code, stdout: stdout.text, stderr: stderr.text }).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['--help']],
    [['-h']],
    [['run', '--help']],
    [['run', '-h']],
    [['headers', '--help']],
    [['blocks', '--help']],
    [['ping', '--help']],
    [['watch', '--help']],
    [['decode', '--help']],
    [['peers', '--help']],
    [['ban', '--help']],
    [['unban', '--help']],
    [['bans', '--help']],
  ])('prints help with examples for %j', async (argv) => {
    const { code, stdout, stderr } = await cli(argv);
    expect(code).toBe(0);
    expect(stdout.text).toMatch(/^Usage: neo-peer/);
    expect(stdout.text).toContain('Examples:');
    expect(stderr.text).toBe('');
  });

  it.each([
    [[]],
    [['walk']],
    [['--unknown']],
    [['run', '--unknown']],
    [['run', 'surplus']],
    [['run', ...CONNECT]],
    [['run', '--network', 'nonet']],
    [['run', '--network', 'legacy-mainnet', '--exit']],
    [['run', '--network', 'legacy-local', '--exit', ...CONNECT]],
    [['run', '--magic', 'main']],
    [['run', '--listen', '70000']],
    [['headers']],
    [['headers', '--network', 'nonet', ...CONNECT]],
    [['headers', '--network', 'legacy-mainnet']],
    [['headers', '--network', 'legacy-mainnet', '--connect', '127.0.0.1']],
    [['headers', '--network', 'legacy-mainnet', ...CONNECT, '--count', '0']],
    [['headers', '--network', 'legacy-mainnet', ...CONNECT, '--from', '0x12']],
    [['headers', ...CONNECT, '--from', '4294967296']],
    [['blocks']],
    [['blocks', ...CONNECT, '--count', 'all']],
    [['blocks', ...CONNECT, '--out', '']],
    [['ping']],
    [['ping', '--connect', 'node']],
    [['watch']],
    [['watch', ...CONNECT, '--count', '1']],
    [['decode']],
    [['decode', '--network', 'nonet', VERACK]],
    [DECODE],
    [[...DECODE, 'zz']],
    [[...DECODE, `${VERACK}0`]],
    [[...DECODE, '--payload', 'nocommand', '00']],
    [['peers', '--db']],
    [['peers', '--db', '']],
    [['peers', '--network', 'nonet']],
    [['peers', '--source', 'rumour']],
    [['peers', '--user-agent', '']],
    [['peers', '--min-height', 'high']],
    [['peers', '--sort', 'name']],
    [['peers', '--limit', '0']],
    [['peers', 'surplus']],
    [['ban']],
    [['ban', 'node.example']],
    [['ban', '10.0.0.0/33']],
    [['ban', '10.0.0.1', '10.0.0.2']],
    [['ban', '10.0.0.1', '--for', '24']],
    [['ban', '10.0.0.1', '--for', 'ever']],
    [['ban', '10.0.0.1', '--reason', '']],
    [['ban', '10.0.0.1', '--network', 'nonet']],
    [['ban', '10.0.0.1', '--db', '']],
    [['unban']],
    [['unban', 'everybody']],
    [['unban', '10.0.0.1', '--network', 'nonet']],
    [['bans', '10.0.0.1']],
    [['bans', '--network', 'nonet']],
    [['run', '--exit', '--db', ' ']],
  ])('refuses %j as wrong usage, in one line', async (argv) => {
    const { code, stdout, stderr } = await cli(argv);
    expect(code).toBe(2);
    expect(stdout.text).toBe('');
    expect(stderr.lines).toEqual([expect.stringMatching(/^error: NEO_PEER_USAGE: ./)]);
  });

  it('reports wrong usage as JSON where JSON was asked for', async () => {
    const { code, stderr } = await cli(['run', '--json', '--connect', '127.0.0.1:10333']);
    expect(code).toBe(2);
    expect(stderr.objects).toEqual([{ error: { code: 'NEO_PEER_USAGE', message: '--connect needs --network' } }]);
  });

  it('tells what run prints as JSON', async () => {
    const { stdout } = await cli(['run', '--help']);
    const text = stdout.text.replaceAll(/\s+/g, ' ');
    const events = [
      'listening connected ready disconnected progress synced block storeFailed storeRecovered summary',
      'pool starved healed banned unbanned banBrake evicted refusedInbound',
    ];
    for (const event of events.join(' ').split(' ')) expect(text).toContain(event);
    for (const field of Object.keys(poolEvent(poolStatus()))) expect(text).toContain(field);
  });
});
