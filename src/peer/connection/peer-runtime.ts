import { Logger } from '@nestjs/common';
import type { Limits, Timeouts } from '../../config/options.js';
import { Alarms } from '../../environment/alarms.js';
import type { Clock } from '../../environment/clock.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { Dialect } from '../../wire/common/dialect.js';
import { type Command, dialectOf, type Message } from '../../wire/messages.js';
import { UInt256 } from '../../wire/primitives/uint256.js';
import type { LocalConfig } from '../behaviours/local-config.js';
import type { MessageDispatcher } from '../dispatch/message-dispatcher.js';
import { FailureLog } from '../dispatch/failure-log.js';
import type { PeerEventBus } from '../events/peer-event-bus.js';
import { HeaderHeights } from '../requests/header-heights.js';
import type { TrafficStatistics } from '../statistics/traffic-recorder.js';
import { type ConnectionPolicy, OpenPolicy } from './connection-policy.js';
import { LocalHeight } from './local-height.js';
import { MessageEncoder } from './message-encoder.js';
import { PeerRegistry } from './peer-registry.js';
import { ReassemblyBudget } from './reassembly-budget.js';

/** What a {@link PeerRuntime} is made of. */
export interface PeerRuntimeParts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly local: LocalConfig;
  readonly timeouts: Timeouts;
  readonly limits: Limits;
  readonly dispatcher: MessageDispatcher;
  readonly statistics: TrafficStatistics;
  readonly events: PeerEventBus;
  /** @default no opinion */
  readonly policy?: ConnectionPolicy;
}

/**
 * What the peers of one module share. One a module; nothing of it outlives the module.
 *
 * @internal
 */
export class PeerRuntime {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly local: LocalConfig;
  readonly timeouts: Timeouts;
  readonly limits: Limits;
  readonly dispatcher: MessageDispatcher;
  readonly statistics: TrafficStatistics;
  readonly events: PeerEventBus;
  readonly policy: ConnectionPolicy;
  readonly dialect: Dialect<Message>;
  /** The requests without which their answers may not be sent. */
  readonly answerable: ReadonlySet<Command>;
  readonly alarms: Alarms;
  readonly encoder: MessageEncoder;
  readonly height: LocalHeight;
  readonly budget: ReassemblyBudget;
  readonly registry: PeerRegistry;
  readonly headerHeights: HeaderHeights;
  readonly logger = new Logger('Peer');
  /** For faults of ours that remotes bring to light. */
  readonly faults: FailureLog;

  /** @throws DecodeError when the network's genesis isn't a hash */
  constructor(parts: PeerRuntimeParts) {
    const { clock, random, local, timeouts, limits, dispatcher, statistics, events } = parts;
    const { dialect, magic, genesis } = local.network;
    this.clock = clock;
    this.random = random;
    this.local = local;
    this.timeouts = timeouts;
    this.limits = limits;
    this.dispatcher = dispatcher;
    this.statistics = statistics;
    this.events = events;
    this.policy = parts.policy ?? new OpenPolicy();
    this.dialect = dialectOf(dialect);
    const { commands } = this.dialect;
    this.answerable = new Set(commands.flatMap((command) => this.dialect.requestFor(command) ?? []));
    this.alarms = new Alarms(clock);
    this.encoder = new MessageEncoder(this.dialect, magic);
    this.height = new LocalHeight(local, clock);
    this.budget = new ReassemblyBudget(limits.reassemblyBytes, clock);
    this.faults = new FailureLog('Peer', clock);
    this.registry = new PeerRegistry(clock);
    this.headerHeights = new HeaderHeights(genesis === undefined ? undefined : UInt256.from(genesis));
  }
}
