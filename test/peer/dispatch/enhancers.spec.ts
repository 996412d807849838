import { describe, expect, it } from '@jest/globals';
import {
  Catch,
  ForbiddenException,
  Injectable,
  Scope,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { ApplicationConfig, APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { catchError, map, of } from 'rxjs';
import { OnCommand } from '../../../src/peer/behaviours/on-command.decorator.js';
import {
  MessagePayload,
  peerContext,
  RemotePeer,
  WireMessage,
} from '../../../src/peer/behaviours/parameters.decorator.js';
import { PingHandler } from '../../../src/peer/behaviours/connection-handlers.js';
import { MempoolHandler } from '../../../src/peer/behaviours/request-handlers.js';
import type { Peer } from '../../../src/peer/peer.js';
import type { Message, PayloadOf } from '../../../src/wire/messages.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { DispatchApplication, mempoolMessage, pingMessage } from './dispatch-application.js';
import { StandInPeer } from './stand-in-peer.js';

/** Who was there, in order. */
@Injectable()
class Trace {
  readonly steps: string[] = [];
}

function guard(name: string, allows = true) {
  @Injectable()
  class TracedGuard implements CanActivate {
    constructor(readonly trace: Trace) {}
    canActivate(context: ExecutionContext): boolean {
      this.trace.steps.push(`${name} ${context.getType()} ${peerContext(context)?.message.command}`);
      return allows;
    }
  }
  return TracedGuard;
}

function interceptor(name: string) {
  @Injectable()
  class TracedInterceptor implements NestInterceptor {
    constructor(readonly trace: Trace) {}
    intercept(_: ExecutionContext, next: CallHandler) {
      this.trace.steps.push(`${name} before`);
      return next.handle().pipe(
        map((value) => {
          this.trace.steps.push(`${name} after`);
          return value as unknown;
        }),
      );
    }
  }
  return TracedInterceptor;
}

function filter(name: string, ...types: (new (...given: never[]) => Error)[]) {
  @Catch(...types)
  class TracedFilter implements ExceptionFilter {
    constructor(readonly trace: Trace) {}
    catch(error: Error, host: ArgumentsHost): void {
      this.trace.steps.push(`${name} ${error.message} ${peerContext(host)?.peer.id} ${host.getArgs().length}`);
    }
  }
  return TracedFilter;
}

@Injectable()
class NoncePipe implements PipeTransform {
  constructor(readonly trace: Trace) {}
  transform(payload: PayloadOf<'ping'>): unknown {
    this.trace.steps.push('pipe');
    return { nonce: payload.nonce * 2 };
  }
}

const GuardA = guard('method guard');
const GuardB = guard('class guard');
const InterceptorA = interceptor('method interceptor');
const InterceptorB = interceptor('class interceptor');
const Refusal = guard('refusal', false);

class OddError extends Error {}

async function run(
  application: DispatchApplication,
  peer = new StandInPeer(),
  message = pingMessage(),
): Promise<StandInPeer> {
  await application.dispatcher.dispatch(peer.asPeer, message);
  return peer;
}

const traced = { provide: Trace, useClass: Trace };

describe('guards, interceptors, pipes and filters', () => {
  it('stand around a behaviour in the order of Nest', async () => {
    @UseGuards(GuardB)
    @UseInterceptors(InterceptorB)
    @Injectable()
    class MyPings extends PingHandler {
      constructor(readonly trace: Trace) {
        super();
      }

      @UseGuards(GuardA)
      @UseInterceptors(InterceptorA)
      handle(
        @RemotePeer() peer: Peer,
        @MessagePayload(NoncePipe) payload: PayloadOf<'ping'>,
        @WireMessage() message: Message<'ping'>,
      ) {
        this.trace.steps.push(`handle ${peer.id} ${payload.nonce} ${message.command}`);
      }
    }
    const application = await DispatchApplication.create({ behaviours: [MyPings], extraProviders: [traced] });
    await run(application, new StandInPeer(7), pingMessage(21));
    expect(application.module.get(Trace).steps).toEqual([
      'class guard peer ping',
      'method guard peer ping',
      'class interceptor before',
      'method interceptor before',
      'pipe',
      'handle 7 42 ping',
      'method interceptor after',
      'class interceptor after',
    ]);
  });

  it('stand around a listener in the order of Nest, global ones outermost', async () => {
    @UseGuards(GuardB)
    @UseInterceptors(InterceptorB)
    @Injectable()
    class Listener {
      constructor(readonly trace: Trace) {}

      @OnCommand('ping')
      @UseGuards(GuardA)
      @UseInterceptors(InterceptorA)
      handle(
        @RemotePeer() peer: Peer,
        @MessagePayload(NoncePipe) payload: PayloadOf<'ping'>,
        @WireMessage() message: Message<'ping'>,
      ) {
        this.trace.steps.push(`handle ${peer.id} ${payload.nonce} ${message.command}`);
      }
    }
    const application = await DispatchApplication.create({
      providers: [
        traced,
        Listener,
        { provide: APP_GUARD, useClass: guard('global guard') },
        { provide: APP_INTERCEPTOR, useClass: interceptor('global interceptor') },
      ],
    });
    await run(application, new StandInPeer(7), pingMessage(21));
    expect(application.module.get(Trace).steps).toEqual([
      'global guard peer ping',
      'class guard peer ping',
      'method guard peer ping',
      'global interceptor before',
      'class interceptor before',
      'method interceptor before',
      'pipe',
      'handle 7 42 ping',
      'method interceptor after',
      'class interceptor after',
      'global interceptor after',
    ]);
  });

  it('get what app.useGlobal… set before the application was initialised', async () => {
    const trace = new Trace();
    @Injectable()
    class Listener {
      @OnCommand('ping')
      handle(): void {
        trace.steps.push('handle');
        throw new OddError('odd');
      }
    }
    const application = await DispatchApplication.create({
      providers: [Listener],
      before: (module) => {
        const config = module.get(ApplicationConfig);
        config.useGlobalGuards(new (guard('global guard'))(trace));
        config.useGlobalFilters(new (filter('global filter'))(trace));
      },
    });
    await run(application);
    expect(trace.steps).toEqual(['global guard peer ping', 'handle', 'global filter odd 1 3']);
  });

  it('global ones are left out with globalEnhancers: false, local ones stay', async () => {
    const GlobalFilter = filter('global filter');
    @UseFilters(filter('class filter', OddError))
    @UseInterceptors(InterceptorB)
    @Injectable()
    class Listener {
      constructor(readonly trace: Trace) {}

      @OnCommand('ping')
      @UseGuards(GuardA)
      handle(): void {
        this.trace.steps.push('handle');
        throw new OddError('odd');
      }
    }
    const application = await DispatchApplication.create({
      globalEnhancers: false,
      providers: [
        traced,
        Listener,
        { provide: APP_GUARD, useClass: Refusal },
        { provide: APP_INTERCEPTOR, useClass: InterceptorA },
        { provide: APP_PIPE, useClass: NoncePipe },
        { provide: APP_FILTER, useClass: GlobalFilter },
      ],
    });
    await run(application);
    expect(application.module.get(Trace).steps).toEqual([
      'method guard peer ping',
      'class interceptor before',
      'handle',
      'class filter odd 1 3',
    ]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('global ones of request scope are warned of, for they do not run (globalEnhancers: %p)', async (global, count) => {
    @Injectable({ scope: Scope.REQUEST })
    class Session implements CanActivate {
      canActivate = () => false;
    }
    class Listener {
      @OnCommand('ping')
      handle(): void {}
    }
    const { logger } = await DispatchApplication.create({
      globalEnhancers: global,
      providers: [Listener, { provide: APP_GUARD, useClass: Session }],
    });
    expect(logger.warnings).toHaveLength(count);
    expect(logger.warnings.every((line) => line.includes("don't run for messages: Session;"))).toBe(true);
  });

  it('run the pipes of @UsePipes and APP_PIPE on decorated parameters', async () => {
    const trace = new Trace();
    @Injectable()
    class Listener {
      @OnCommand('ping')
      @UsePipes({
        transform: (value: unknown) =>
          typeof value === 'object' && value !== null && 'lastBlockIndex' in value ? value.lastBlockIndex : value,
      })
      handle(@RemotePeer() _peer: Peer, @MessagePayload() payload: PayloadOf<'ping'>): void {
        trace.steps.push(`handle ${JSON.stringify(payload)}`);
      }
    }
    const application = await DispatchApplication.create({
      providers: [
        Listener,
        { provide: APP_PIPE, useValue: { transform: (value: unknown) => (trace.steps.push('global pipe'), value) } },
      ],
    });
    await run(application);
    expect(trace.steps).toEqual(['global pipe', 'global pipe', 'handle 1']);
  });

  it('choose the nearest filter that takes the error, and Nest logs nothing', async () => {
    const Nearest = filter('method filter', TypeError);
    const OnClass = filter('class filter', OddError);
    const Global = filter('global filter');
    @UseFilters(OnClass)
    @Injectable()
    class Listener {
      constructor(readonly trace: Trace) {}

      @OnCommand('ping')
      @UseFilters(Nearest)
      handle(_peer: Peer, payload: PayloadOf<'ping'>): void {
        throw [new TypeError('type'), new OddError('odd'), new Error('any')][payload.nonce]!;
      }
    }
    const application = await DispatchApplication.create({
      providers: [traced, Listener, { provide: APP_FILTER, useClass: Global }],
    });
    for (const nonce of [0, 1, 2]) await run(application, new StandInPeer(nonce), pingMessage(nonce));
    expect(application.module.get(Trace).steps).toEqual([
      'method filter type 0 3',
      'class filter odd 1 3',
      'global filter any 2 3',
    ]);
    expect(application.logger.errors).toHaveLength(3);
    for (const line of application.logger.errors)
      expect(line).toMatch(/^Listener\.handle failed at ping from 192\.0\.2\.1:50000/);
  });

  it('log an error that no filter took once a minute, and one that a filter throws', async () => {
    @Injectable()
    class Listener {
      @OnCommand('ping')
      @UseFilters(new (filter('other', RangeError))(new Trace()))
      handle(): void {
        throw new OddError('odd');
      }

      @OnCommand('pong')
      @UseFilters({
        catch: () => {
          throw new TypeError('in the filter');
        },
      })
      fail(): void {
        throw new OddError('odd');
      }
    }
    const application = await DispatchApplication.create({ providers: [Listener] });
    for (let i = 0; i < 5; i++) await run(application);
    expect(application.logger.errors).toEqual(['Listener.handle failed at ping from 192.0.2.1:50000: odd']);
    await run(application, new StandInPeer(), { ...pingMessage(), command: 'pong' } as never);
    expect(application.logger.errors.slice(1)).toEqual([
      'Listener.fail failed at pong from 192.0.2.1:50000: odd',
      'an exception filter of Listener.fail failed at pong from 192.0.2.1:50000: in the filter',
    ]);
  });

  it('see the metadata of the method through the execution context', async () => {
    const seen: unknown[] = [];
    const Roles = Reflector.createDecorator<string[]>();
    @Injectable()
    class RolesGuard implements CanActivate {
      constructor(readonly reflector: Reflector) {}
      canActivate(context: ExecutionContext): boolean {
        seen.push(this.reflector.get(Roles, context.getHandler()), context.getHandler().name, context.getClass().name);
        return true;
      }
    }
    @Injectable()
    class Listener {
      @OnCommand('ping')
      @UseGuards(RolesGuard)
      @Roles(['validator'])
      onPing(): void {}
    }
    await run(await DispatchApplication.create({ providers: [Listener] }));
    expect(seen).toEqual([['validator'], 'onPing', 'Listener']);
  });

  it('work on a controller, whose enhancer classes Nest keeps elsewhere', async () => {
    @UseGuards(GuardB)
    @UseFilters(filter('class filter'))
    class Controlled {
      constructor(readonly trace: Trace) {}

      @OnCommand('ping')
      @UseInterceptors(InterceptorA)
      onPing(): void {
        this.trace.steps.push('handle');
        throw new OddError('odd');
      }
    }
    Reflect.defineMetadata('design:paramtypes', [Trace], Controlled);
    const application = await DispatchApplication.create({ providers: [traced], controllers: [Controlled] });
    await run(application);
    expect(application.module.get(Trace).steps).toEqual([
      'class guard peer ping',
      'method interceptor before',
      'handle',
      'class filter odd 1 3',
    ]);
  });

  it('given as instances run once on a controller, on its class or its method', async () => {
    const trace = new Trace();
    @UseGuards(new GuardB(trace))
    class Controlled {
      @OnCommand('ping')
      @UseGuards(new GuardA(trace))
      onPing(): void {
        trace.steps.push('handle');
      }
    }
    await run(await DispatchApplication.create({ controllers: [Controlled] }));
    expect(trace.steps).toEqual(['class guard peer ping', 'method guard peer ping', 'handle']);
  });

  it('tell a message from an HTTP request with peerContext', () => {
    const host = { getType: () => 'http', getArgByIndex: () => ({}) } as unknown as ExecutionContext;
    expect(peerContext(host)).toBeUndefined();
  });

  it('hear nothing of a remote that went while its answer was being sent', async () => {
    const trace = new Trace();
    @UseFilters(new (filter('filter'))(trace))
    class Mempool extends MempoolHandler {
      handle(): UInt256[] {
        return [UInt256.ZERO];
      }
    }
    const application = await DispatchApplication.create({ behaviours: [Mempool] });
    const peer = new StandInPeer();
    peer.state = 'closed';
    await application.dispatcher.dispatch(peer.asPeer, mempoolMessage());
    expect([trace.steps, application.logger.errors]).toEqual([[], []]);
  });

  it('count a refusal as refused, not as an error, and pass it to filters', async () => {
    @Injectable()
    class Listener {
      constructor(readonly trace: Trace) {}

      @OnCommand('ping')
      @UseGuards(Refusal)
      @UseFilters(filter('filter', ForbiddenException))
      handle(): void {
        this.trace.steps.push('handle');
      }
    }
    const application = await DispatchApplication.create({ providers: [traced, Listener] });
    const peer = await run(application);
    expect(application.module.get(Trace).steps).toEqual(['refusal peer ping', 'filter Forbidden resource 1 3']);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([
      { command: 'ping', calls: 0, errors: 0, refused: 1 },
    ]);
    expect(application.logger.errors).toEqual([]);
  });

  it('count a ForbiddenException of the handler itself as an error', async () => {
    @Injectable()
    class Listener {
      @OnCommand('ping')
      handle(): void {
        throw new ForbiddenException();
      }
    }
    const application = await DispatchApplication.create({ providers: [Listener] });
    const peer = await run(application);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 1, errors: 1, refused: 0 }]);
  });

  it('count an error of a guard or outer interceptor as an error, without a call', async () => {
    @Injectable()
    class Listener {
      @OnCommand('ping')
      @UseGuards({
        canActivate: () => {
          throw new OddError('guard');
        },
      })
      handle(): void {}
    }
    const application = await DispatchApplication.create({ providers: [Listener] });
    const peer = await run(application);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([{ calls: 0, errors: 1, refused: 0 }]);
    expect(application.logger.errors).toHaveLength(1);
  });

  it('count an error once, whatever an outer interceptor makes of it', async () => {
    @Injectable()
    class Listener {
      @OnCommand('ping')
      @UseInterceptors({
        intercept: (_: unknown, next: CallHandler) => next.handle().pipe(catchError(() => of('swallowed'))),
      })
      swallowed(): void {
        throw new OddError('swallowed');
      }

      @OnCommand('pong')
      @UseInterceptors({
        intercept: (_: unknown, next: CallHandler) =>
          next.handle().pipe(
            catchError(() => {
              throw new ForbiddenException('changed');
            }),
          ),
      })
      changed(): void {
        throw new OddError('changed');
      }
    }
    const application = await DispatchApplication.create({ providers: [Listener] });
    const peer = await run(application);
    await run(application, peer, { ...pingMessage(), command: 'pong' } as never);
    expect(application.statistics.of(peer.asPeer)).toMatchObject([
      { command: 'ping', calls: 1, errors: 1, refused: 0 },
      { command: 'pong', calls: 1, errors: 1, refused: 0 },
    ]);
  });
});
