// Compiled by `npm run typecheck`: every line after @ts-expect-error must not compile, every other one must.
import { Injectable, type InjectionToken } from '@nestjs/common';
import {
  Clock,
  getPeerToken,
  HeaderVerifier,
  InjectPeer,
  LocalConfig,
  OptionsError,
  PeerEvents,
  PeerFactory,
  PeerModule,
  type Peer,
  type PeerOptions,
  type PeerOptionsFactory,
  type Timer,
} from '../../src/index.js';
import { Headers } from './behaviours.js';

@Injectable()
class Settings implements PeerOptionsFactory {
  createPeerOptions(): PeerOptions {
    return { network: 'legacy-testnet' };
  }
}

export const modules = [
  PeerModule.forRoot({ network: 'legacy-mainnet' }),
  PeerModule.forRoot({ network: 'n3-mainnet', archival: true, compression: false }),
  PeerModule.forRoot({
    network: { name: 'mine', dialect: 'legacy', magic: 1, port: 2, seeds: [] },
    name: 'mine',
    isGlobal: true,
    behaviours: [Headers],
    services: 1n,
    listen: { port: 0 },
    timeouts: { idleMs: 1 },
    persistence: { dataSource: false },
    pool: false,
  }),
  PeerModule.forRootAsync({ useClass: Settings, name: 'a' }),
  PeerModule.forRootAsync({ useExisting: Settings }),
  PeerModule.forRootAsync({ inject: [Settings], useFactory: (settings: Settings) => settings.createPeerOptions() }),
  PeerModule.forRootAsync({ useFactory: async () => Promise.resolve({ network: 'legacy-local' as const }) }),
  // @ts-expect-error a network is needed
  PeerModule.forRoot({}),
  // @ts-expect-error no such network
  PeerModule.forRoot({ network: 'mainnet' }),
  // @ts-expect-error compression is on or off
  PeerModule.forRoot({ network: 'n3-mainnet', compression: 'lz4' }),
  // @ts-expect-error services are a bigint
  PeerModule.forRoot({ network: 'legacy-mainnet', services: 1 }),
  // @ts-expect-error no such timeout
  PeerModule.forRoot({ network: 'legacy-mainnet', timeouts: { handshake: 1 } }),
  // @ts-expect-error no such option of the pool
  PeerModule.forRoot({ network: 'legacy-mainnet', pool: { slots: 8 } }),
  PeerModule.forRoot({ network: 'n3-mainnet', pool: { outbound: 4, rates: { ping: { perSecond: 1, burst: 5 } } } }),
  // @ts-expect-error no such command
  PeerModule.forRoot({ network: 'n3-mainnet', pool: { rates: { pings: { perSecond: 1, burst: 5 } } } }),
  // @ts-expect-error no behaviour
  PeerModule.forRoot({ network: 'legacy-mainnet', behaviours: [Settings] }),
  // @ts-expect-error no options
  PeerModule.forRootAsync({ useFactory: () => 5 }),
];

export class Service {
  constructor(@InjectPeer(PeerFactory, 'mine') readonly factory: PeerFactory) {}
}

export function events(bus: PeerEvents, peer: Peer, config: LocalConfig): void {
  const off: () => void = bus.on('disconnected', (_peer, { reason }) => {
    const known: 'idle' | 'shutdown' | undefined = reason === 'idle' || reason === 'shutdown' ? reason : undefined;
    void known;
  });
  bus.on('message', (_peer, message) => {
    if (message.command === 'addr') void message.payload.addresses;
    // @ts-expect-error the payload is known only with the command
    void message.payload.addresses;
  });
  // @ts-expect-error no such event
  bus.on('closed', () => undefined);
  // @ts-expect-error emitting is not for applications
  void bus.emit;
  // @ts-expect-error read-only
  config.userAgent = '/x/';
  off();
  // @ts-expect-error derived from the options, not set
  config.capabilities = [];
  const verifier: InjectionToken<HeaderVerifier> = getPeerToken(HeaderVerifier, 'mine');
  void [getPeerToken(PeerFactory, 'mine'), peer, verifier];
}

export function code(error: OptionsError): 'NEO_PEER_OPTIONS' {
  return error.code;
}

export function optionsFrom(environment: NodeJS.ProcessEnv): PeerOptions {
  const made: PeerOptions = { network: 'legacy-mainnet' };
  if (environment['AGENT'] !== undefined) made.userAgent = environment['AGENT'];
  made.listen = { port: 10333 };
  return made;
}

/** All that has to be written for a clock. */
export class StoppedClock extends Clock {
  now(): number {
    return 0;
  }

  setTimeout(_run: () => void, _ms: number): Timer {
    return { refresh: () => undefined, cancel: () => undefined };
  }
}

export const nameInsideTheFactory = (): PeerOptions => ({
  network: 'legacy-mainnet',
  // @ts-expect-error the name must be known before the factory runs
  name: 'a',
});
