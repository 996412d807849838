import type { ModuleRef } from '@nestjs/core';
import type { NetworkDefinition } from '../../config/options.js';
import type { ResolvedPeerOptions } from '../../config/resolved-options.js';
import type { RandomSource } from '../../environment/random-source.js';
import type { Capability } from '../../wire/common/capability.js';
import { dialectOf } from '../../wire/messages.js';
import { HeightProvider } from './height-provider.js';
import { LocalConfig } from './local-config.js';
import { PeerAdmission } from './peer-admission.js';

const NONCES = 2 ** 32;

/** The port we listen on, from the moment it is known. */
export class ListeningPort {
  /** 0: we don't listen. */
  current = 0;
}

/**
 * {@link LocalConfig} out of a module's options. Behaviours are looked up when first asked for, so that they may inject
 * `PeerFactory`, which needs this.
 *
 * @internal
 */
export class ModuleLocalConfig extends LocalConfig {
  readonly network: NetworkDefinition;
  readonly userAgent: string;
  readonly nonce: number;
  readonly protocolVersion: number;
  readonly services: bigint;
  readonly relay: boolean;
  readonly #archival: boolean;
  readonly #compression: boolean;
  readonly #announcePort: number | undefined;
  readonly #listening: ListeningPort;
  readonly #module: ModuleRef;
  #height: HeightProvider | undefined;
  #admission: PeerAdmission | undefined;

  constructor(options: ResolvedPeerOptions, listening: ListeningPort, random: RandomSource, module: ModuleRef) {
    super();
    this.network = options.network;
    this.userAgent = options.userAgent;
    this.nonce = options.nonce ?? random.integer(NONCES);
    this.protocolVersion = options.protocolVersion;
    this.services = options.services;
    this.relay = options.relay;
    this.#archival = options.archival;
    this.#compression = options.compression;
    this.#announcePort = options.announcePort;
    this.#listening = listening;
    this.#module = module;
  }

  get port(): number {
    return this.#announcePort ?? this.#listening.current;
  }

  get capabilities(): readonly Capability[] {
    const height = (): number => this.height.height();
    return dialectOf(this.network.dialect).capabilities({
      relay: this.relay,
      archival: this.#archival,
      compression: this.#compression,
      port: this.port,
      // Asked only by a dialect that tells it here.
      get height() {
        return height();
      },
    });
  }

  get height(): HeightProvider {
    return (this.#height ??= this.#module.get<HeightProvider>(HeightProvider, { strict: true }));
  }

  get admission(): PeerAdmission {
    return (this.#admission ??= this.#module.get<PeerAdmission>(PeerAdmission, { strict: true }));
  }
}
