import { afterEach, describe, expect, it } from '@jest/globals';
import type { PeerOptions } from '../../../src/config/options.js';
import { provideBehaviour } from '../../../src/peer/behaviours/behaviour.js';
import { HeightProvider } from '../../../src/peer/behaviours/height-provider.js';
import { LocalConfig } from '../../../src/peer/behaviours/local-config.js';
import { PeerFactory } from '../../../src/peer/peer-factory.js';
import { PeerModule } from '../../../src/peer.module.js';
import { ScriptedPeer } from '../../../src/testing/index.js';
import type { Capability } from '../../../src/wire/common/capability.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { failure } from '../../support/failure.js';
import { PeerApplication, REMOTE_HOST } from '../../support/peer-application.js';

let application: PeerApplication;
afterEach(() => application.close());

/** An application on an N3 network, unless the options say otherwise, whose height comes from there. */
async function start(given: Partial<PeerOptions>, height: () => number): Promise<LocalConfig> {
  application = await PeerApplication.start(
    PeerModule.forRoot({
      network: 'n3-local',
      persistence: { dataSource: false },
      ...given,
      behaviours: [provideBehaviour(HeightProvider, { useValue: { height } })],
    }),
  );
  return application.module.get(LocalConfig);
}

const fullNode: Capability = { type: 0x10, name: 'FullNode', startHeight: 42 };
const archivalNode: Capability = { type: 0x11, name: 'ArchivalNode' };
const disableCompression: Capability = { type: 0x03, name: 'DisableCompression' };
const tcpServer: Capability = { type: 0x01, name: 'TcpServer', port: 10_333 };

describe('what a module announces', () => {
  it.each<[Partial<PeerOptions>, readonly Capability[]]>([
    [{}, [fullNode]],
    [{ relay: false }, []],
    [{ archival: true }, [fullNode, archivalNode]],
    [{ compression: false }, [fullNode, disableCompression]],
    [{ listen: { port: 10_333 } }, [fullNode, tcpServer]],
    [{ listen: { port: 20_333 }, announcePort: 10_333 }, [fullNode, tcpServer]],
    [{ listen: { port: 20_333 }, announcePort: 0 }, [fullNode]],
    [{ announcePort: 10_333 }, [fullNode, tcpServer]],
    [
      { archival: true, compression: false, announcePort: 10_333 },
      [fullNode, archivalNode, disableCompression, tcpServer],
    ],
    [{ relay: false, archival: true, compression: false }, [archivalNode, disableCompression]],
  ])('with %j', async (given, capabilities) => {
    const local = await start(given, () => 42);
    expect(local.capabilities).toEqual(capabilities);
  });

  it('follows the height', async () => {
    let height = 1;
    const local = await start({}, () => height);
    expect(local.capabilities).toMatchObject([{ startHeight: 1 }]);
    height = 2;
    expect(local.capabilities).toMatchObject([{ startHeight: 2 }]);
  });

  it('is nothing in Legacy, for which nobody asks the height', async () => {
    let asked = 0;
    const local = await start({ network: 'legacy-local', archival: true, compression: false }, () => asked++);
    expect(local.capabilities).toEqual([]);
    expect(asked).toBe(0);
  });

  it('reaches the remote in the version, and nothing does where the height is impossible', async () => {
    let height = -1;
    await start({ archival: true }, () => height);
    const factory = application.module.get(PeerFactory);
    const listener = await ScriptedPeer.listen(
      application.network.transport(REMOTE_HOST),
      {},
      { dialect: 'n3', magic: N3_KIT.network.magic },
    );
    const failing = failure(factory.dial(listener.address));
    const deaf = await listener.accepted();
    expect(await failing).toMatchObject({ code: 'NEO_PEER_HANDSHAKE', reason: 'behaviour-error' });
    expect(deaf.received).toEqual([]);

    height = 42;
    const dialling = factory.dial(listener.address);
    const remote = await listener.accepted();
    const { payload } = await remote.expect('version');
    remote.send(remote.version());
    expect(N3_KIT.dialect.remoteFacts(payload)).toMatchObject({ capabilities: [fullNode, archivalNode], height: 42 });
    remote.send(N3_KIT.dialect.verack());
    await dialling;
    await listener.close();
  });
});
