import { describe, expect, it } from '@jest/globals';
import { ConsensusHandler, ExtensibleHandler } from '../../../src/peer/behaviours/announcement-handlers.js';
import { handlerTokens } from '../../../src/peer/behaviours/behaviour-registry.js';
import { OnCommand } from '../../../src/peer/behaviours/on-command.decorator.js';
import { PeerFactory } from '../../../src/peer/peer-factory.js';
import type { Peer } from '../../../src/peer/peer.js';
import { PeerModule } from '../../../src/peer.module.js';
import { ScriptedPeer } from '../../../src/testing/index.js';
import type { DialectName } from '../../../src/wire/common/dialect-name.js';
import { ConsensusPayload } from '../../../src/wire/legacy/index.js';
import type { Outgoing, PayloadOf } from '../../../src/wire/messages.js';
import { ExtensiblePayload } from '../../../src/wire/n3/index.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { UInt256 } from '../../../src/wire/primitives/uint256.js';
import { KITS } from '../../support/dialect-kit.js';
import { MEMORY_OPTIONS, PeerApplication, REMOTE_HOST } from '../../support/peer-application.js';

/** Names of our own for what the command's name in Pascal case would say less well. */
const OTHER_NAMES: Readonly<Record<string, string>> = { headers: 'HeaderHandler' };

describe('the handlers', () => {
  it('are one for each command of every dialect but those of the handshake, each a token of its own', () => {
    const commands = new Set(KITS.flatMap(({ dialect }) => dialect.commands));
    commands.delete('version');
    commands.delete('verack');
    expect(handlerTokens.map(([command]) => command).toSorted()).toEqual([...commands].toSorted());
    expect(new Set(handlerTokens.map(([, token]) => token)).size).toBe(commands.size);
  });

  it('are named after their commands', () => {
    for (const [command, { name }] of handlerTokens) {
      const expected = OTHER_NAMES[command] ?? `${command}Handler`;
      expect(name.toLowerCase()).toBe(expected.toLowerCase());
    }
  });
});

const witness = { invocation: new Uint8Array(0), verification: Uint8Array.of(0x51) };

/** What validators of each dialect send each other. */
const VALIDATORS_SAY: Readonly<Record<DialectName, Outgoing>> = {
  legacy: {
    dialect: 'legacy',
    command: 'consensus',
    payload: ConsensusPayload.from({
      prevHash: UInt256.ZERO,
      blockIndex: 9,
      validatorIndex: 0,
      data: new Uint8Array(0),
      witness,
    }),
  },
  n3: {
    dialect: 'n3',
    command: 'extensible',
    payload: ExtensiblePayload.from({
      category: 'dBFT',
      validBlockStart: 0,
      validBlockEnd: 9,
      sender: UInt160.ZERO,
      data: new Uint8Array(0),
      witness,
    }),
  },
};

describe.each(KITS)('handlers for both dialects, on $name,', (kit) => {
  it('are given what is common, and of the rest what there is', async () => {
    const told: string[] = [];
    class Extensibles extends ExtensibleHandler {
      handle(_peer: Peer, { category }: PayloadOf<'extensible'>): void {
        told.push(`extensible ${category}`);
      }
    }
    class Consensus extends ConsensusHandler {
      handle(_peer: Peer, { blockIndex }: PayloadOf<'consensus'>): void {
        told.push(`consensus ${blockIndex}`);
      }
    }
    class Listener {
      @OnCommand('block')
      onBlock(_peer: Peer, block: PayloadOf<'block'>): void {
        told.push(block.dialect === 'n3' ? `block of ${block.header.timeMs}` : `block at ${block.index}`);
      }
    }
    const options = { ...MEMORY_OPTIONS, network: kit.network, behaviours: [Extensibles, Consensus] };
    const application = await PeerApplication.start(PeerModule.forRoot(options), { providers: [Listener] });
    const transport = application.network.transport(REMOTE_HOST);
    const script = { dialect: kit.name, magic: kit.network.magic };
    const listener = await ScriptedPeer.listen(transport, { port: 0 }, script);
    const dialling = application.module.get(PeerFactory).dial(listener.address);
    const remote = await listener.accepted();
    await remote.handshake(7);
    await dialling;
    await listener.close();
    const [block] = kit.blocks(1);
    remote.send(kit.block(block!));
    remote.send(VALIDATORS_SAY[kit.name]);
    await application.clock.until(() => told.length === 2, 1000);
    expect(told).toEqual(
      kit.name === 'n3' ? [`block of ${block!.header.timeMs}`, 'extensible dBFT'] : ['block at 1', 'consensus 9'],
    );
    await application.close();
  });
});
