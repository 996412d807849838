import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PeerModule } from '../../src/peer.module.js';
import type { PeerModuleExtras } from '../../src/peer.module.js';
import { PeerFactory } from '../../src/peer/peer-factory.js';
import { NEO_ONE_MAGIC } from './neo-one.js';

/** Our side of the conversation: the module as an application has it, on real sockets. */
export class OurSide {
  private constructor(
    readonly application: INestApplicationContext,
    readonly factory: PeerFactory,
  ) {}

  static async start(
    options: { behaviours?: PeerModuleExtras['behaviours']; announcePort?: number } = {},
  ): Promise<OurSide> {
    const { behaviours = [], ...rest } = options;
    const module = PeerModule.forRoot({
      network: { name: 'neo-one', dialect: 'legacy', magic: NEO_ONE_MAGIC, port: 20333, seeds: [] },
      persistence: { dataSource: false },
      behaviours,
      ...rest,
    });
    const application = await NestFactory.createApplicationContext(module, { logger: ['error', 'warn'] });
    return new OurSide(application, application.get(PeerFactory));
  }

  async stop(): Promise<void> {
    await this.application.close();
  }
}
