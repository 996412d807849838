import type { Provider } from '@nestjs/common';
import type { Command } from '../../wire/messages.js';
import { handlerTokens } from './behaviour-registry.js';
import { CommandHandler } from './command-handler.js';
import { HeightProvider } from './height-provider.js';
import { PeerAdmission } from './peer-admission.js';

/**
 * Stands under the token of a command that nobody handles, so that a test can override it. The dispatcher knows it and
 * leaves it out.
 *
 * @internal
 */
export class NoHandler extends CommandHandler<Command, unknown> {
  handle(): undefined {
    return undefined;
  }
}

class GenesisHeight extends HeightProvider {
  height(): number {
    return 0;
  }
}

class OpenAdmission extends PeerAdmission {
  admit(): boolean {
    return true;
  }
}

/** A provider for every behaviour token: no handler anywhere, height 0, everyone admitted. */
export function defaultBehaviours(): Provider[] {
  return [
    ...handlerTokens.map(([, token]) => ({ provide: token, useValue: new NoHandler() })),
    { provide: HeightProvider, useValue: new GenesisHeight() },
    { provide: PeerAdmission, useValue: new OpenAdmission() },
  ];
}
