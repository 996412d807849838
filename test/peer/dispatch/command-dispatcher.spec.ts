import { describe, expect, it } from '@jest/globals';
import {
  Inject,
  Injectable,
  Scope,
  UseGuards,
  UseInterceptors,
  type CallHandler,
  type CanActivate,
  type PipeTransform,
} from '@nestjs/common';
import { of, timer, map as mapTo } from 'rxjs';
import { BlockHandler, HeaderHandler } from '../../../src/peer/behaviours/announcement-handlers.js';
import { provideBehaviour } from '../../../src/peer/behaviours/behaviour.js';
import { CommandHandler } from '../../../src/peer/behaviours/command-handler.js';
import { PingHandler } from '../../../src/peer/behaviours/connection-handlers.js';
import { HeightProvider } from '../../../src/peer/behaviours/height-provider.js';
import { OnCommand } from '../../../src/peer/behaviours/on-command.decorator.js';
import { MessagePayload, RemotePeer } from '../../../src/peer/behaviours/parameters.decorator.js';
import { BehaviourError } from '../../../src/peer/errors/behaviour.error.js';
import type { Peer } from '../../../src/peer/peer.js';
import { PeerClosedError } from '../../../src/peer/errors/peer-closed.error.js';
import type { Message, PayloadOf } from '../../../src/wire/messages.js';
import { DispatchApplication, dispatchModule, mempoolMessage, pingMessage } from './dispatch-application.js';
import { StandInPeer } from './stand-in-peer.js';

class Calls extends PingHandler {
  readonly calls: unknown[][] = [];
  handle(...given: unknown[]): void {
    this.calls.push(given);
  }
}

@Injectable()
class MyPings extends Calls {}

async function refused(create: () => Promise<unknown>): Promise<BehaviourError> {
  const error: unknown = await create().then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(BehaviourError);
  return error as BehaviourError;
}

describe('behaviours', () => {
  it.each([
    ['a class', [MyPings], MyPings],
    ['provideBehaviour with useClass', [provideBehaviour(PingHandler, { useClass: MyPings })], PingHandler],
    ['provideBehaviour with useValue', [provideBehaviour(PingHandler, { useValue: new MyPings() })], PingHandler],
    [
      'provideBehaviour with useFactory',
      [provideBehaviour(PingHandler, { useFactory: async () => Promise.resolve(new MyPings()) })],
      PingHandler,
    ],
  ])('are called when given as %s', async (_, behaviours, token) => {
    const { dispatcher, module } = await DispatchApplication.create({ behaviours });
    const peer = new StandInPeer();
    const message = pingMessage();
    await dispatcher.dispatch(peer.asPeer, message);
    expect(module.get<Calls>(token).calls).toEqual([[peer, message.payload, message]]);
  });

  it('are called when given as provideBehaviour with useExisting', async () => {
    const { dispatcher, module } = await DispatchApplication.create({
      behaviours: [provideBehaviour(PingHandler, { useExisting: 'PINGS' })],
      extraProviders: [{ provide: 'PINGS', useClass: MyPings }],
    });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(module.get<Calls>('PINGS').calls).toHaveLength(1);
  });

  it('can be overridden in a test though the application has none', async () => {
    const fake = { calls: 0, handle: () => void fake.calls++ };
    const { dispatcher } = await DispatchApplication.create({
      override: (builder) => builder.overrideProvider(PingHandler).useValue(fake),
    });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(fake.calls).toBe(1);
  });

  it('can be overridden in a test by the token, whatever stands there', async () => {
    const fake = { calls: 0, handle: () => void fake.calls++ };
    const { dispatcher, module } = await DispatchApplication.create({
      behaviours: [MyPings],
      override: (builder) => builder.overrideProvider(PingHandler).useValue(fake),
    });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(fake.calls).toBe(1);
    expect(module.get(MyPings).calls).toEqual([]);
  });

  it('see a method that was replaced after the start, as spies do', async () => {
    const { dispatcher, module } = await DispatchApplication.create({ behaviours: [MyPings] });
    let spied = 0;
    module.get(MyPings).handle = () => void spied++;
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(spied).toBe(1);
  });

  it('keep their `this` and private fields', async () => {
    class Counting extends PingHandler {
      #count = 0;
      handle(): void {
        this.#count++;
      }
      get count(): number {
        return this.#count;
      }
    }
    const { dispatcher, module } = await DispatchApplication.create({ behaviours: [Counting] });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(module.get(Counting).count).toBe(1);
  });

  it('cost nothing where there are none: the dispatcher says at once that it is done', async () => {
    const { dispatcher, statistics } = await DispatchApplication.create({ behaviours: [MyPings] });
    expect(dispatcher.dispatch(new StandInPeer().asPeer, mempoolMessage())).toBeUndefined();
    expect(statistics.totals()).toEqual([]);
  });

  it('are awaited when they are asynchronous or give an Observable', async () => {
    const done: string[] = [];
    class Slow {
      @OnCommand('ping')
      async first(): Promise<void> {
        await Promise.resolve();
        done.push('promise');
      }
      @OnCommand('ping')
      second() {
        return timer(1).pipe(mapTo(() => done.push('observable')));
      }
      @OnCommand('ping')
      third() {
        return of(done.push('of'));
      }
    }
    const { dispatcher } = await DispatchApplication.create({ providers: [Slow] });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(done).toEqual(['promise', 'observable', 'of']);
  });

  it('are refused at start, by name, when they are request-scoped', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class ScopedPings extends Calls {}
    const handler = 'ScopedPings (PingHandler)';
    for (const behaviours of [[ScopedPings], [provideBehaviour(PingHandler, { useClass: ScopedPings })]]) {
      const error = await refused(() => DispatchApplication.create({ behaviours }));
      expect(error).toMatchObject({ code: 'NEO_PEER_BEHAVIOUR', problem: 'scope', handler });
    }
  });

  it('are refused at start when something they inject is request-scoped', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Session {}
    class Height extends HeightProvider {
      constructor(@Inject(Session) readonly session: Session) {
        super();
      }
      height(): number {
        return 1;
      }
    }
    const error = await refused(() => DispatchApplication.create({ behaviours: [Height], extraProviders: [Session] }));
    expect(error).toMatchObject({ problem: 'scope', handler: 'Height (HeightProvider)' });
  });

  it('are refused at start when a guard on them would not be constructed, and so would not run', async () => {
    class Guard implements CanActivate {
      canActivate = () => false;
    }
    class Guarded extends Calls {
      @UseGuards(Guard)
      override handle(): void {}
    }
    const error = await refused(() =>
      DispatchApplication.create({ behaviours: [provideBehaviour(PingHandler, { useFactory: () => new Guarded() })] }),
    );
    expect(error).toMatchObject({ problem: 'enhancer', handler: 'Guarded.handle' });
    expect(error.message).toMatch(/construct Guard/);
  });

  it('are refused at start when there is no method to call', async () => {
    const error = await refused(() =>
      DispatchApplication.create({
        override: (builder) => builder.overrideProvider(BlockHandler).useValue({ handel: () => undefined }),
      }),
    );
    expect(error.handler).toBe('BlockHandler.handle');
  });
});

describe('listeners', () => {
  it('are found on any provider and controller, and called after the behaviour, in order', async () => {
    const called: string[] = [];
    class Behaviour extends PingHandler {
      async handle(): Promise<void> {
        await Promise.resolve();
        called.push('behaviour');
      }
    }
    class Listener {
      @OnCommand('ping')
      async first(_peer: Peer, payload: PayloadOf<'ping'>, message: Message<'ping'>): Promise<void> {
        await Promise.resolve();
        called.push(`provider ${payload.nonce} ${message.command}`);
      }
      @OnCommand('ping')
      @OnCommand('pong')
      second(): void {
        called.push('provider again');
      }
      ping(): void {
        called.push('nobody asked for this');
      }
    }
    class Controlled {
      @OnCommand('ping')
      onPing(): void {
        called.push('controller');
      }
    }
    const { dispatcher } = await DispatchApplication.create({
      behaviours: [Behaviour],
      providers: [Listener],
      controllers: [Controlled],
    });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage(5));
    expect(called).toEqual(['behaviour', 'provider 5 ping', 'provider again', 'controller']);
    await dispatcher.dispatch(new StandInPeer().asPeer, { ...pingMessage(), command: 'pong' } as never);
    expect(called.slice(4)).toEqual(['provider again']);
  });

  it('are called once though the provider has an alias, and when they are inherited', async () => {
    let calls = 0;
    class Base {
      @OnCommand('ping')
      onPing(): void {
        calls++;
      }
    }
    class Listener extends Base {}
    const { dispatcher } = await DispatchApplication.create({
      providers: [
        Listener,
        { provide: 'ALIAS', useExisting: Listener },
        { provide: 'SAME', useFactory: (listener: Listener) => listener, inject: [Listener] },
      ],
    });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(calls).toBe(1);
  });

  it('hear only the module they name', async () => {
    const heard: string[] = [];
    class Listener {
      @OnCommand('ping')
      onDefault(): void {
        heard.push('default');
      }
      @OnCommand('ping', { peer: 'testnet' })
      onTestnet(): void {
        heard.push('testnet');
      }
    }
    const named = { name: 'testnet' };
    const standard = await DispatchApplication.create({ providers: [Listener], imports: [dispatchModule(named)] });
    const testnet = await DispatchApplication.create({
      ...named,
      providers: [Listener],
      imports: [dispatchModule({})],
    });
    await standard.dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(heard).toEqual(['default']);
    await testnet.dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(heard).toEqual(['default', 'testnet']);
    expect([...standard.logger.warnings, ...testnet.logger.warnings]).toEqual([]);
  });

  it('that name a module which is not there are warned of', async () => {
    class Listener {
      @OnCommand('ping', { peer: 'tesnet' })
      onPing(): void {}
    }
    const { logger, dispatcher } = await DispatchApplication.create({ providers: [Listener] });
    expect(logger.warnings).toEqual([
      "Listener.onPing listens to the PeerModule 'tesnet', which this application doesn't have; there are: default",
    ]);
    expect(dispatcher.dispatch(new StandInPeer().asPeer, pingMessage())).toBeUndefined();
  });

  it.each([Scope.REQUEST, Scope.TRANSIENT])('are refused at start, by name, with scope %s', async (scope) => {
    @Injectable({ scope })
    class Scoped {
      @OnCommand('ping')
      onPing(): void {}
    }
    const error = await refused(() => DispatchApplication.create({ providers: [Scoped] }));
    expect(error).toMatchObject({ problem: 'scope', handler: 'Scoped.onPing' });
  });

  it('are refused at start when a guard on them is request-scoped', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Guard implements CanActivate {
      canActivate = () => true;
    }
    class Listener {
      @OnCommand('ping')
      @UseGuards(Guard)
      onPing(): void {}
    }
    const error = await refused(() => DispatchApplication.create({ providers: [Listener] }));
    expect(error).toMatchObject({ problem: 'scope', handler: 'Listener.onPing' });
  });

  it('are refused at start when only some of their parameters are decorated', async () => {
    class Listener {
      @OnCommand('ping')
      onPing(@RemotePeer() _peer: Peer, _payload: PayloadOf<'ping'>): void {}
    }
    const error = await refused(() => DispatchApplication.create({ providers: [Listener] }));
    expect(error).toMatchObject({ problem: 'parameters', handler: 'Listener.onPing' });
    expect(error.message).toMatch(/1 of its 2 parameters are decorated/);
  });

  it('are refused at start when the first parameter is the one without a decorator', async () => {
    class Listener {
      @OnCommand('ping')
      onPing(_peer: Peer, @MessagePayload() _payload: PayloadOf<'ping'>): void {}
    }
    const error = await refused(() => DispatchApplication.create({ providers: [Listener] }));
    expect(error.problem).toBe('parameters');
  });

  it('are refused at start when a controller has a pipe class on a parameter', async () => {
    class Pipe implements PipeTransform {
      transform(value: unknown): unknown {
        return value;
      }
    }
    class Controlled {
      @OnCommand('ping')
      onPing(@RemotePeer() _peer: Peer, @MessagePayload(Pipe) _payload: PayloadOf<'ping'>): void {}
    }
    const error = await refused(() => DispatchApplication.create({ controllers: [Controlled] }));
    expect(error).toMatchObject({ problem: 'enhancer', handler: 'Controlled.onPing' });
  });

  it('need a method with a name', () => {
    const onPing = Symbol('onPing');
    expect(() => OnCommand('ping')({}, onPing, { value: () => undefined })).toThrow(BehaviourError);
  });
});

describe('a handler that fails', () => {
  class OddError extends Error {}

  it('is counted, logged once a minute for each class of error, and the next message is handled', async () => {
    const failures: (() => unknown)[] = [];
    class Failing extends PingHandler {
      async handle(): Promise<void> {
        await Promise.resolve();
        failures.shift()?.();
      }
    }
    const { dispatcher, logger, clock, statistics } = await DispatchApplication.create({ behaviours: [Failing] });
    const peer = new StandInPeer();
    const next = async (...errors: unknown[]) => {
      for (const error of errors) {
        failures.push(() => {
          throw error;
        });
        await dispatcher.dispatch(peer.asPeer, pingMessage());
      }
      return logger.errors.splice(0);
    };
    expect(
      await next(new OddError('one'), new OddError('two'), new TypeError('three'), 'a text', 'a text', undefined),
    ).toEqual([
      'Failing.handle failed at ping from 192.0.2.1:50000: one',
      'Failing.handle failed at ping from 192.0.2.1:50000: three',
      'Failing.handle failed at ping from 192.0.2.1:50000: a text',
      'Failing.handle failed at ping from 192.0.2.1:50000: undefined',
    ]);
    await clock.advance(59_999);
    expect(await next(new OddError('four'))).toEqual([]);
    await clock.advance(1);
    expect(await next(new OddError('five'), new OddError('six'))).toEqual([
      'Failing.handle failed at ping from 192.0.2.1:50000 (2 more like it were not logged): five',
    ]);
    await dispatcher.dispatch(peer.asPeer, pingMessage());
    expect(statistics.of(peer.asPeer)).toMatchObject([
      { command: 'ping', direction: 'in', calls: 10, errors: 9, refused: 0 },
    ]);
  });

  it('does not keep the other handlers of the command from being called', async () => {
    const called: string[] = [];
    class Failing extends PingHandler {
      handle(): void {
        throw new OddError();
      }
    }
    class Listener {
      @OnCommand('ping')
      onPing(): void {
        called.push('listener');
      }
    }
    const { dispatcher } = await DispatchApplication.create({ behaviours: [Failing], providers: [Listener] });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(called).toEqual(['listener']);
  });

  it('is cut short in the log, whatever a remote made it say', async () => {
    class Failing extends PingHandler {
      handle(): void {
        throw new OddError('x'.repeat(1_000_000));
      }
    }
    const { dispatcher, logger } = await DispatchApplication.create({ behaviours: [Failing] });
    await dispatcher.dispatch(new StandInPeer().asPeer, pingMessage());
    expect(logger.errors[0]!.length).toBeLessThan(5000);
  });

  it('with an interceptor in between is given the same message and peer', async () => {
    const seen: unknown[] = [];
    class Listener {
      @OnCommand('ping')
      @UseInterceptors({
        intercept: (context: { getArgs(): unknown[] }, next: CallHandler) => (
          seen.push(...context.getArgs()),
          next.handle()
        ),
      })
      onPing(): void {}
    }
    const { dispatcher } = await DispatchApplication.create({ providers: [Listener] });
    const peer = new StandInPeer();
    const message = pingMessage();
    await dispatcher.dispatch(peer.asPeer, message);
    expect(seen).toEqual([peer, message.payload, message]);
  });

  it('because its peer closed in the middle of a request is an error like any other', async () => {
    class Failing extends HeaderHandler {
      handle(): Promise<void> {
        return Promise.reject(new PeerClosedError('idle'));
      }
    }
    const { dispatcher, statistics } = await DispatchApplication.create({ behaviours: [Failing] });
    const peer = new StandInPeer();
    await dispatcher.dispatch(peer.asPeer, { ...pingMessage(), command: 'headers' } as never);
    expect(statistics.of(peer.asPeer)).toMatchObject([{ errors: 1 }]);
  });
});

it('every handler class extends the one contract', () => {
  expect(Object.getPrototypeOf(PingHandler)).toBe(CommandHandler);
});
