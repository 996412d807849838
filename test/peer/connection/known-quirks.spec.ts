import { afterEach, describe, expect, it } from '@jest/globals';
import { FilterAddPayload, GetRootsPayload, InventoryPayload } from '../../../src/wire/legacy/index.js';
import { dialectOf, type Outgoing } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { PeerLab } from '../../support/peer-lab.js';

const hashes = [UInt256.ZERO];
const dialect = 'legacy' as const;
const inventoryOf = (command: 'inv' | 'getdata', kind: 'block' | 'stateroot' | 'consensus'): Outgoing => ({
  dialect,
  command,
  payload: InventoryPayload.from({ kind, hashes }),
});

const PING: Outgoing = dialectOf(dialect).ping(1, 0, 1);
const FILTER: Outgoing = { dialect, command: 'filteradd', payload: FilterAddPayload.from({ data: new Uint8Array(1) }) };
const ROOTS: Outgoing = { dialect, command: 'getroots', payload: GetRootsPayload.from({ startIndex: 1, count: 1 }) };

const CSHARP = '/Neo:2.12.0/';
const GO2 = '/NEO-GO:0.78.4/';
const GO0 = '/NEO-GO/';
const ONE = 'NEO:neo-one-js:1.0.0-preview';

let lab: PeerLab;
afterEach(() => lab.close());

describe('what a node is known to close the connection for', () => {
  it.each<[string, string, Outgoing]>([
    [GO0, 'a ping', PING],
    [GO0, 'a filter command', FILTER],
    [GO2, 'a filter command', FILTER],
    [ONE, 'a state-root command', ROOTS],
    [ONE, 'inventory of state roots', inventoryOf('inv', 'stateroot')],
    [ONE, 'a request for state roots', inventoryOf('getdata', 'stateroot')],
    [ONE, 'inventory of consensus payloads', inventoryOf('inv', 'consensus')],
    ['/Neo:2.10.3/', 'inventory of state roots', inventoryOf('inv', 'stateroot')],
  ])('is not sent: %s, %s', async (userAgent, _what, message) => {
    lab = new PeerLab({ timeouts: { keepaliveMs: 0 } });
    const { peer, remote } = await lab.ready({ userAgent });
    await expect(peer.send(message)).rejects.toMatchObject({
      code: 'NEO_PEER_UNSUPPORTED_BY_REMOTE',
      request: message.command,
    });
    expect(peer.post(message)).toBe(false);
    await lab.clock.advance(1000);
    expect(remote.received.map(({ command }) => command)).toEqual(['version', 'verack']);
    expect(peer.state).toBe('ready');
  });

  it.each<[string, string, Outgoing]>([
    [CSHARP, 'a filter command', FILTER],
    [CSHARP, 'a state-root command', ROOTS],
    [ONE, 'a filter command', FILTER],
    [ONE, 'a request for consensus payloads', inventoryOf('getdata', 'consensus')],
    [GO2, 'a ping', PING],
    [GO2, 'inventory of blocks', inventoryOf('inv', 'block')],
    ['/somebody:1.0/', 'a filter command', FILTER],
  ])('is sent to others: %s, %s', async (userAgent, _what, message) => {
    lab = new PeerLab({ timeouts: { keepaliveMs: 0 } });
    const { peer, remote } = await lab.ready({ userAgent });
    expect(peer.post(message)).toBe(true);
    await lab.clock.advance(1000);
    expect(remote.received.at(-1)?.command).toBe(message.command);
  });
});

describe('a ping', () => {
  it('is refused at once where the remote would close the connection for it', async () => {
    lab = new PeerLab({ timeouts: { keepaliveMs: 0 } });
    const { peer } = await lab.ready({ userAgent: GO0 });
    await expect(peer.ping()).rejects.toMatchObject({ code: 'NEO_PEER_UNSUPPORTED_BY_REMOTE' });
  });
});
