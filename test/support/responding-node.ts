import type { Endpoint } from '../../src/environment/connection.js';
import { SystemClock } from '../../src/environment/system-clock.js';
import { SystemTransport } from '../../src/environment/system-transport.js';
import { ScriptedPeer, type ScriptedPeerOptions } from '../../src/testing/scripted-peer.js';
import { ScriptError } from '../../src/testing/script.error.js';
import { dialectOf } from '../../src/wire/messages.js';

/** A node on a real socket that has dialled another one, done the handshake, and answers pings from then on. */
export class RespondingNode {
  private constructor(readonly remote: ScriptedPeer) {}

  static async dial(address: Endpoint, options: ScriptedPeerOptions): Promise<RespondingNode> {
    const remote = await ScriptedPeer.connect(new SystemTransport(new SystemClock()), address, options);
    const shaken = remote.handshake();
    void answerPings(remote, options);
    await shaken;
    return new RespondingNode(remote);
  }

  /** Hangs up, and resolves when the other side has noticed. */
  async hangUp(): Promise<void> {
    this.remote.connection.end();
    await this.remote.closed;
  }
}

/** Until the connection ends. */
async function answerPings(remote: ScriptedPeer, { dialect, version }: ScriptedPeerOptions): Promise<void> {
  try {
    for (;;) remote.send(dialectOf(dialect).pong(await remote.expect('ping'), version?.height ?? 0, 0));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
  }
}
