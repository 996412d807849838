import type { UInt256 } from '../../../wire/primitives/uint256.js';
import type { Message, Outgoing } from '../../../wire/messages.js';
import type { AdversarySession } from './adversary-session.js';
import { brokenFrame, endlessFrame, randomBytes } from './broken-bytes.js';
import { Conduct, PoliteConduct } from './conduct.js';
import { falseBlock, unlinkedHeaders } from './false-chain.js';

/** Between two pieces of garbage, milliseconds. */
const GARBAGE_EVERY_MS = 500;
/** A broken frame comes within so long after the handshake, milliseconds. */
const BROKEN_WITHIN_MS = 2000;
/** How many versions are said in one go. */
const VERSIONS = 3;
/** A slow reader asks so often, milliseconds, so that there are answers it doesn't read. */
const ASKS_EVERY_MS = 3000;
/** So many requests at a time make a flood: far above every rate. */
const REQUESTS_AT_ONCE = 20;
const FLOOD_EVERY_MS = 100;
/** A flooder that is made to wait hangs up after so long, milliseconds, and comes again with a fresh allowance. */
const FLOODS_FOR_MS = 10_000;
/** A full message of addresses so often, milliseconds. */
const ADDRESSES_EVERY_MS = 1000;
/** Whoever eclipses is in no hurry: floods are noticed. Milliseconds. */
const TELLS_OWN_EVERY_MS = 600_000;
/** Where a liar's chain is said to end. */
const FALSE_HEIGHT = 4_000_000_000;

/** Says nothing. @internal */
export class SilentConduct extends Conduct {
  override connected(): void {}
}

/** Sends garbage in place of a handshake. @internal */
export class GarbageConduct extends Conduct {
  override connected(session: AdversarySession): void {
    const throwSome = (): void => {
      const makes = [randomBytes, endlessFrame, brokenFrame];
      session.write(makes[session.random.integer(makes.length)]!(session));
    };
    throwSome();
    session.every(GARBAGE_EVERY_MS, throwSome);
  }
}

/** Shakes hands, then sends what can't be decoded. @internal */
export class BrokenFramesConduct extends PoliteConduct {
  protected override ready(session: AdversarySession): void {
    session.after(session.random.integer(BROKEN_WITHIN_MS) + 1, () => session.write(brokenFrame(session)));
  }
}

/** Says its version too often. @internal */
export class VersionSpamConduct extends Conduct {
  override connected(session: AdversarySession): void {
    for (let i = 0; i < VERSIONS; i++) session.send(session.version());
  }
}

/** Asks, and reads nothing. @internal */
export class SlowReaderConduct extends PoliteConduct {
  protected override ready(session: AdversarySession): void {
    session.pause();
    session.every(ASKS_EVERY_MS, () => session.send(session.dialect.requestAddresses()));
  }
}

/** Claims much and has nothing. @internal */
export class LiarConduct extends PoliteConduct {
  override received(session: AdversarySession, message: Message): void {
    super.received(session, message);
    const { dialect, random } = session;
    if (message.command === 'getheaders') {
      const headers = unlinkedHeaders(dialect.name, random, beginningOf(message));
      session.send(dialect.headers(headers));
    } else if (message.command === 'getblockbyindex') {
      session.send(dialect.object(falseBlock(random, message.payload.indexStart)));
    }
  }

  protected override height({ nowMs }: AdversarySession): number {
    return FALSE_HEIGHT + (Math.floor(nowMs / 1000) % 1_000_000);
  }
}

/** Floods with requests. @internal */
export class RequestFloodConduct extends PoliteConduct {
  protected override ready(session: AdversarySession): void {
    const { dialect, random } = session;
    const ping = (): Outgoing => dialect.ping(0, session.nowMs, random.integer(2 ** 32));
    session.every(FLOOD_EVERY_MS, () => {
      for (let i = 0; i < REQUESTS_AT_ONCE; i++) session.send(i % 2 === 0 ? ping() : dialect.requestAddresses());
    });
    session.after(FLOODS_FOR_MS, () => session.close());
  }
}

/** Floods with addresses. @internal */
export class AddressFloodConduct extends PoliteConduct {
  protected override ready(session: AdversarySession): void {
    session.every(ADDRESSES_EVERY_MS, () => this.tell(session));
  }
}

/** Tells of its own, again and again. @internal */
export class EclipseConduct extends PoliteConduct {
  protected override ready(session: AdversarySession): void {
    this.tell(session);
    session.every(TELLS_OWN_EVERY_MS, () => this.tell(session));
  }
}

function beginningOf({ payload }: Message<'getheaders'>): { readonly index: number; readonly after?: UInt256 } {
  if ('indexStart' in payload) return { index: payload.indexStart };
  return { index: 1, after: payload.starts.at(0) };
}
