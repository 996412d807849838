import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { ListenError } from '../src/environment/listen.error.js';
import { PeerClosedError } from '../src/peer/errors/peer-closed.error.js';
import { LocalConfig } from '../src/peer/behaviours/local-config.js';
import { OnCommand } from '../src/peer/behaviours/on-command.decorator.js';
import { PeerEvents } from '../src/peer/events/peer-events.js';
import { PeerFactory } from '../src/peer/peer-factory.js';
import type { Peer } from '../src/peer/peer.js';
import { PeerModule } from '../src/peer.module.js';
import { PeerStore, type StoreChanges } from '../src/persistence/peer-store.js';
import { MemoryPeerStore } from '../src/persistence/memory-peer-store.js';
import { StoreError } from '../src/persistence/store.error.js';
import { PingPayload } from '../src/wire/legacy/index.js';
import type { Outgoing, PayloadOf } from '../src/wire/messages.js';
import { TestFolder } from './support/folder.js';
import { MEMORY_OPTIONS as options, OUR_HOST, PeerApplication } from './support/peer-application.js';
import { RecordingLogger } from './support/recording-logger.js';
import { eventually } from './support/transport-conformance.js';

let folder: TestFolder;

beforeEach(async () => {
  folder = await TestFolder.create();
});

afterEach(() => folder.remove());

/** What the system holds for us, apart from what Jest itself does. */
function held(): string[] {
  const kinds = new Set(['TCPSocketWrap', 'TCPServerWrap', 'Timeout', 'Immediate', 'GetAddrInfoReqWrap']);
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kinds.has(kind))
    .toSorted();
}

function ping(nonce: number): Outgoing<'ping'> {
  return { dialect: 'legacy', command: 'ping', payload: PingPayload.from({ lastBlockIndex: 11, timestamp: 2, nonce }) };
}

/** Notes what happens, in order. */
class Steps {
  readonly all: string[] = [];
}

/** A store that notes what is asked of it. */
class NotingStore extends MemoryPeerStore implements OnApplicationShutdown {
  constructor(readonly steps: Steps) {
    super();
  }

  override async *load(network: string): ReturnType<MemoryPeerStore['load']> {
    this.steps.all.push('load');
    yield* super.load(network);
  }

  override save(changed: StoreChanges): Promise<void> {
    this.steps.all.push('save');
    return super.save(changed);
  }

  onApplicationShutdown(): void {
    this.steps.all.push('store onApplicationShutdown');
  }
}

describe('the start', () => {
  it('loads the store before it accepts connections', async () => {
    const steps = new Steps();
    const application = await PeerApplication.compile(PeerModule.forRoot({ ...options, listen: { port: 10_333 } }), {
      override: (builder) => builder.overrideProvider(PeerStore).useValue(new NotingStore(steps)),
    });
    const { module } = application;
    expect(module.get(LocalConfig).port).toBe(0);
    await expect(application.accepted(10_333)).rejects.toThrow(/10333/);
    expect(steps.all).toEqual([]);
    await module.init();
    expect(steps.all).toEqual(['load', 'save']);
    const { peer, remote } = await application.accepted(10_333);
    expect(peer.direction).toBe('inbound');
    expect(remote.received[0]).toMatchObject({ command: 'version', payload: { port: 10_333 } });
    await application.close();
  });

  it('announces the port that the system chose', async () => {
    const application = await PeerApplication.start(PeerModule.forRoot({ ...options, listen: { port: 0 } }));
    const { port } = application.module.get(LocalConfig);
    expect(port).toBeGreaterThan(0);
    const { remote } = await application.accepted(port);
    expect(remote.received[0]).toMatchObject({ payload: { port } });
    await application.close();
    expect(application.module.get(LocalConfig).port).toBe(0);
  });

  it('announces another port when it is told to', async () => {
    const application = await PeerApplication.start(
      PeerModule.forRoot({ ...options, listen: { port: 0 }, announcePort: 4444 }),
    );
    const { remote } = await application.dialled();
    expect(remote.received[0]).toMatchObject({ payload: { port: 4444 } });
    await application.close();
  });

  it('fails with ListenError when the port is taken, and leaves nothing behind', async () => {
    const other = await PeerApplication.start(PeerModule.forRoot({ ...options, listen: { port: 10_333 } }));
    const application = await PeerApplication.compile(PeerModule.forRoot({ ...options, listen: { port: 10_333 } }), {
      network: other.network,
    });
    await expect(application.module.init()).rejects.toThrow(ListenError);
    expect(application.clock.pending).toBe(0);
    await application.close();
    await other.close();
  });

  it('fails with StoreError when the database is none, or goes on in memory with degrade', async () => {
    const database = folder.file('peers.sqlite');
    await writeFile(database, 'this is no database, but a text that is long enough to look like one '.repeat(100));
    const persistence = { dataSource: { type: 'sqlite', database } } as const;
    const failing = await PeerApplication.compile(PeerModule.forRoot({ ...options, persistence }));
    await expect(failing.module.init()).rejects.toThrow(StoreError);
    await failing.close();
    const degraded = await PeerApplication.compile(
      PeerModule.forRoot({ ...options, persistence: { ...persistence, onStoreFailure: 'degrade' } }),
    );
    const failures: unknown[] = [];
    degraded.module.get(PeerEvents).on('storeFailed', (error) => failures.push(error));
    await degraded.module.init();
    expect(failures).toEqual([expect.any(StoreError)]);
    expect((await degraded.dialled()).peer.state).toBe('ready');
    await degraded.close();
  });
});

describe('the stop', () => {
  it('handles what has come, writes what is queued, closes, saves, and only then lets go of the store', async () => {
    const steps = new Steps();
    const releases: (() => void)[] = [];

    @Injectable()
    class Listener implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
      @OnCommand('ping')
      async onPing(peer: Peer, payload: PayloadOf<'ping'>): Promise<void> {
        if (payload.nonce === 1) await new Promise<void>((resolve) => releases.push(resolve));
        steps.all.push(`handled ${payload.nonce}`);
        peer.post(ping(100 + payload.nonce));
      }
      onModuleDestroy(): void {
        steps.all.push('onModuleDestroy');
      }
      beforeApplicationShutdown(): void {
        steps.all.push('beforeApplicationShutdown');
      }
      onApplicationShutdown(): void {
        steps.all.push('onApplicationShutdown');
      }
    }

    const application = await PeerApplication.start(PeerModule.forRoot({ ...options, listen: { port: 10_333 } }), {
      providers: [Listener],
      override: (builder) => builder.overrideProvider(PeerStore).useValue(new NotingStore(steps)),
    });
    const { peer, remote } = await application.accepted(10_333);
    application.module
      .get(PeerEvents)
      .on('disconnected', (_, { reason, by }) => steps.all.push(`disconnected ${reason} by ${by}`));
    for (const nonce of [1, 2, 3]) remote.send(ping(nonce));
    for (let i = 0; i < 3; i++) await remote.expect('pong');
    steps.all.splice(0);
    const closing = application.close();
    await application.clock.advance(1000);
    await expect(application.accepted(10_333)).rejects.toThrow(/10333/);
    await expect(application.module.get(PeerFactory).dial(`${OUR_HOST}:10333`)).rejects.toThrow(/stopping/);
    remote.send(ping(4));
    releases[0]!();
    await closing;
    await remote.closed;
    expect(steps.all.filter((step) => step !== 'beforeApplicationShutdown' && !step.startsWith('o'))).toEqual([
      'handled 1',
      'handled 2',
      'handled 3',
      'disconnected shutdown by us',
      'save',
      'store onApplicationShutdown',
    ]);
    expect(steps.all.indexOf('onModuleDestroy')).toBeLessThan(steps.all.indexOf('handled 1'));
    expect(steps.all.indexOf('save')).toBeLessThan(steps.all.indexOf('onApplicationShutdown'));
    const echoed = remote.received
      .filter(({ command }) => command === 'ping')
      .map((message) => (message.payload as PingPayload).nonce);
    expect(echoed.filter((nonce) => nonce > 100 && nonce < 200)).toEqual([101, 102, 103]);
    expect(peer.state).toBe('closed');
    await expect(peer.send(ping(9))).rejects.toThrow(PeerClosedError);
  });

  it('gives handlers drainMs and no more', async () => {
    @Injectable()
    class Listener {
      @OnCommand('ping')
      onPing(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const application = await PeerApplication.start(PeerModule.forRoot({ ...options, timeouts: { drainMs: 700 } }), {
      providers: [Listener],
    });
    const { peer, remote } = await application.dialled();
    remote.send(ping(1));
    await remote.expect('pong');
    let isClosed = false;
    const closing = application.close().then(() => (isClosed = true));
    await application.clock.advance(699);
    expect(isClosed).toBe(false);
    await application.clock.advance(1);
    await closing;
    expect((await peer.closed).reason).toBe('shutdown');
  });

  it('may be asked for twice, and without a start', async () => {
    const steps = new Steps();
    const started = await PeerApplication.start(PeerModule.forRoot(options), {
      override: (builder) => builder.overrideProvider(PeerStore).useValue(new NotingStore(steps)),
    });
    steps.all.splice(0);
    await Promise.all([started.close(), started.close()]);
    await started.close();
    expect(steps.all.filter((step) => step === 'save')).toHaveLength(1);
    steps.all.splice(0);
    const never = await PeerApplication.compile(PeerModule.forRoot({ ...options, timeouts: {} }), {
      override: (builder) => builder.overrideProvider(PeerStore).useValue(new NotingStore(steps)),
    });
    await never.close();
    expect(steps.all).not.toContain('save');
  });

  it('leaves no timer, in peers of any state', async () => {
    const application = await PeerApplication.start(PeerModule.forRoot({ ...options, listen: { port: 10_333 } }));
    await application.dialled();
    const { remote } = await application.accepted(10_333);
    const silent = application.network.transport('10.0.0.3');
    await silent.listen({ port: 1 }, () => undefined);
    const dialling = application.module
      .get(PeerFactory)
      .dial('10.0.0.3:1')
      .catch((error: unknown) => error);
    await silent.connect({ host: OUR_HOST, port: 10_333 }, {});
    const { peer } = await application.dialled();
    const request = peer.ping().catch((error: unknown) => error);
    expect(application.clock.pending).toBeGreaterThan(3);
    const closing = application.close();
    // Remotes that neither read nor close are given drainMs.
    await application.clock.advance(5000);
    await closing;
    await remote.closed;
    expect(await dialling).toBeInstanceOf(Error);
    expect(await request).toBeInstanceOf(PeerClosedError);
    expect(application.clock.pending).toBe(0);
  });

  it('leaves no handle of the system: real clock, sockets and database', async () => {
    const database = folder.file('peers.sqlite');
    const start = () =>
      Test.createTestingModule({
        imports: [
          PeerModule.forRoot({
            ...options,
            listen: { host: '127.0.0.1', port: 0 },
            persistence: { dataSource: { type: 'sqlite', database } },
          }),
        ],
      })
        .setLogger(new RecordingLogger())
        .compile()
        .then((module) => module.init());
    const before = held();
    const first = await start();
    // A port that nobody listens on: a server of the system's choice that was closed again.
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port: deadPort } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    await expect(first.get(PeerFactory).dial({ host: '127.0.0.1', port: deadPort })).rejects.toMatchObject({
      code: 'NEO_PEER_DIAL',
    });
    // Ourselves: a real exchange over TCP.
    const { port } = first.get(LocalConfig);
    await expect(first.get(PeerFactory).dial({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'NEO_PEER_HANDSHAKE',
      reason: 'self-connection',
    });
    await first.close();
    // The system takes a turn or two to let go of what was closed; what is left for good lets the test run out of time.
    await eventually(() => isDeepStrictEqual(held(), before));
    expect(held()).toEqual(before);
  });
});
