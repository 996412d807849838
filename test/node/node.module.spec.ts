import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NETWORKS } from '../../src/config/networks.js';
import { formatAddress } from '../../src/environment/address.js';
import type { CallOptions } from '../../src/environment/call-options.js';
import type { Connection, Endpoint, PeerListener } from '../../src/environment/connection.js';
import { Transport } from '../../src/environment/transport.js';
import { NodeModule, type NodeOptions } from '../../src/node/node.module.js';
import { PeerPool } from '../../src/pool/peer-pool.js';
import { MemoryNetwork, ScriptedPeer } from '../../src/testing/index.js';
import { TestFolder } from '../support/folder.js';
import { PeerApplication } from '../support/peer-application.js';

const NETWORK = { ...NETWORKS['n3-privnet'], seeds: [] };
const ABSENT = '198.51.100.1:20333';
const SILENT = '198.51.100.2:20333';

/** The network, and when an address was dialled. */
class WatchedTransport extends Transport {
  readonly dials: { readonly address: string; readonly atMs: number }[] = [];
  now: () => number = () => 0;

  constructor(private readonly transport: Transport) {
    super();
  }

  override connect(address: Endpoint, options: CallOptions): Promise<Connection> {
    this.dials.push({ address: formatAddress(address), atMs: this.now() });
    return this.transport.connect(address, options);
  }

  override listen(
    on: { readonly host?: string; readonly port: number },
    accept: (connection: Connection) => void,
  ): Promise<PeerListener> {
    return this.transport.listen(on, accept);
  }

  /** Milliseconds between the dials of an address. */
  waits(address: string): number[] {
    const times = this.dials.filter((dial) => dial.address === address).map(({ atMs }) => atMs);
    return times.slice(1).map((time, i) => time - times[i]!);
  }
}

let folder: TestFolder;
let network: MemoryNetwork;
let transport: WatchedTransport;
let application: PeerApplication | undefined;

beforeEach(async () => {
  folder = await TestFolder.create();
  network = new MemoryNetwork();
  transport = new WatchedTransport(network.transport('203.0.113.1'));
});

afterEach(async () => {
  await application?.close();
  application = undefined;
  await folder.remove();
});

async function start(options: Partial<NodeOptions> = {}): Promise<PeerApplication> {
  const module = NodeModule.forRoot({ network: NETWORK, database: folder.file('a.sqlite'), pool: {}, ...options });
  application = await PeerApplication.compile(module, {
    network,
    override: (builder) => builder.overrideProvider(Transport).useValue(transport),
  });
  const { clock } = application;
  transport.now = () => clock.now();
  await application.module.init();
  return application;
}

/** A node at an address that answers who dials it. */
async function answering(address: string): Promise<void> {
  const [host, port] = address.split(':');
  const at = { port: Number(port) };
  const listener = await ScriptedPeer.listen(network.transport(host!), at, { dialect: 'n3', magic: NETWORK.magic });
  void listener.accepted().then((remote) => remote.handshake(7));
}

describe('NodeModule', () => {
  it('is connected to all addresses it was told to keep, however many slots there are', async () => {
    const wanted = Array.from({ length: 5 }, (_, i) => `198.51.100.${i + 10}:20333` as const);
    for (const address of wanted) await answering(address);
    const { module, clock } = await start({ pool: { static: wanted, outbound: 0 } });
    await clock.until(() => module.get(PeerPool).status().kept.ready === 5, 10_000);
    expect(module.get(PeerPool).peers()).toHaveLength(5);
  });

  it('dials an address that cannot be reached again and again, with waits that grow to five minutes, and warns once', async () => {
    const { clock, logger } = await start({ pool: { static: [ABSENT] } });
    await clock.advance(6 * 3_600_000);
    const waits = transport.waits(ABSENT);
    expect(waits.length).toBeGreaterThan(6 * 12);
    waits.forEach((wait, i) => {
      expect(wait).toBeGreaterThanOrEqual(1000);
      expect(wait).toBeLessThanOrEqual(Math.min(5000 * 2 ** i, 300_000));
    });
    const warnings = logger.warnings.filter((text) => text.includes(ABSENT));
    expect(warnings).toEqual([expect.stringMatching(/^can't connect to .+; it is dialled again and again$/)]);
  });

  it('gives up dials and waits when it stops, without a word, and dials no more', async () => {
    network.setConnects('198.51.100.2', 'silent');
    const { clock, logger, module } = await start({ pool: { static: [SILENT, ABSENT] } });
    await clock.until(() => logger.warnings.length > 0, 1000);
    await module.close();
    application = undefined;
    const { length } = transport.dials;
    await clock.advance(3_600_000);
    expect(transport.dials).toHaveLength(length);
    expect(logger.warnings).toEqual([expect.stringContaining(ABSENT)]);
    expect(logger.errors).toEqual([]);
  });

  it('has no place for inbound peers where nothing listens, and as many as the pool allows where something does', async () => {
    const { module } = await start();
    expect(module.get(PeerPool).status().inbound.allowed).toBe(0);
    await module.close();
    const listening = await start({ listen: 20333 });
    expect(listening.module.get(PeerPool).status().inbound.allowed).toBe(100);
  });

  it('lets somebody listen to it before it does anything', async () => {
    await answering(ABSENT);
    const heard: string[] = [];
    const { clock } = await start({
      pool: { static: [ABSENT] },
      listenTo: ({ events, follower }) => {
        heard.push(`made, ${transport.dials.length} dials`);
        follower.onBlock(() => undefined);
        events.on('connected', () => heard.push('connected'));
        events.on('ready', () => heard.push('ready'));
      },
    });
    await clock.until(() => heard.includes('ready'), 10_000);
    expect(heard).toEqual(['made, 0 dials', 'connected', 'ready']);
  });
});
