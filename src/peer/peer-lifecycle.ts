import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import { OptionsError } from '../config/options.error.js';
import type { ListenOptions } from '../config/options.js';
import type { ResolvedPeerOptions } from '../config/resolved-options.js';
import type { PeerStore } from '../persistence/peer-store.js';
import { TypeOrmPeerStore } from '../persistence/typeorm-peer-store.js';
import type { ListeningPort } from './behaviours/module-local-config.js';
import type { ConnectionKeeper } from './connection/connection-keeper.js';
import type { PeerRuntime } from './connection/peer-runtime.js';
import type { CommandDispatcher } from './dispatch/command-dispatcher.js';
import { PeerModuleIdentity } from './module-identity.js';
import type { PeerFactory } from './peer-factory.js';
import type { PeerRecords } from './records/peer-records.js';
import type { RecordPersistence } from './records/record-persistence.js';
import type { SaveTask } from './records/save-task.js';

/** What {@link PeerLifecycle} starts and stops. */
export interface PeerLifecycleParts {
  readonly identity: PeerModuleIdentity;
  readonly modules: ModulesContainer;
  readonly options: ResolvedPeerOptions;
  readonly listening: ListeningPort;
  readonly dispatcher: CommandDispatcher;
  readonly factory: PeerFactory;
  readonly runtime: PeerRuntime;
  readonly store: PeerStore;
  readonly persistence: RecordPersistence;
  readonly records: PeerRecords;
  readonly saveTask: SaveTask;
  /** Who makes connections by itself, if there is somebody. */
  readonly keeper: ConnectionKeeper | undefined;
}

/**
 * Starts and stops one module, in this order:
 *
 * 1. `onModuleInit`: the name is checked and handlers are found
 * 2. `onApplicationBootstrap`: what the store knows begins to come in, then connections are accepted, and the pool dials
 * 3. `beforeApplicationShutdown`: no more dials, no new peers, no more reading; inboxes drain, then outboxes; connections close; the
 *    last save
 * 4. `onApplicationShutdown`: the store closes its database
 *
 * @internal
 */
export class PeerLifecycle implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #parts: PeerLifecycleParts;
  #opened = false;
  #stopped: Promise<void> | undefined;

  constructor(parts: PeerLifecycleParts) {
    this.#parts = parts;
  }

  /** @throws OptionsError for a name that another module of the application has; BehaviourError */
  onModuleInit(): void {
    this.#checkName();
    this.#parts.dispatcher.build();
  }

  /** @throws StoreError, SeedFileError, ListenError; nothing that was started is left then */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      // Nest calls no shutdown hook after a start that failed.
      await this.stop();
      if (this.#parts.store instanceof TypeOrmPeerStore) await this.#parts.store.close();
      throw error;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Ends everything but the store. A second call gives the same promise. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #start(): Promise<void> {
    const { options, persistence, saveTask, keeper } = this.#parts;
    await persistence.open();
    this.#opened = true;
    saveTask.start(persistence.failure !== undefined);
    if (options.listen !== false) await this.#listen(options.listen);
    keeper?.start();
  }

  async #listen(on: ListenOptions): Promise<void> {
    const { factory, listening } = this.#parts;
    // Peers that come at once must be told the port; one that the system chooses is known a moment later.
    listening.current = on.port;
    const { address } = await factory.listen(on);
    listening.current = address.port;
  }

  async #stop(): Promise<void> {
    const { runtime, options, saveTask, records, listening, keeper } = this.#parts;
    keeper?.stop();
    try {
      await runtime.registry.shutdown(options.timeouts.drainMs);
      listening.current = 0;
      if (this.#opened) await saveTask.stop();
    } finally {
      records.stop();
    }
  }

  #checkName(): void {
    const { identity, modules } = this.#parts;
    for (const module of modules.values()) {
      const other: unknown = module.providers.get(PeerModuleIdentity)?.instance;
      if (other instanceof PeerModuleIdentity && other !== identity && other.label === identity.label) {
        throw new OptionsError('name', identity.name, 'a name that no other PeerModule of the application has');
      }
    }
  }
}
