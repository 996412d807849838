import { afterEach, describe, expect, it } from '@jest/globals';
import { ExtensiblePayload } from '../../../src/wire/n3/index.js';
import { UInt160 } from '../../../src/wire/primitives/uint160.js';
import { N3_KIT } from '../../support/dialect-kit.js';
import { n3CompressedFrame } from '../../support/n3-frames.js';
import { PeerLab, US } from '../../support/peer-lab.js';

const { network, dialect } = N3_KIT;
const HEADERS = 20;

let lab: PeerLab;
afterEach(() => lab.close());

/** A peer of one lab and a peer of another on the two ends of one connection, both ready. */
async function connected(compression: { readonly us: boolean; readonly them: boolean }) {
  lab = new PeerLab({ network, compression: compression.us });
  const other = new PeerLab({ network, compression: compression.them, height: () => HEADERS });
  Object.defineProperty(other.runtime.local, 'nonce', { value: 1 });
  const listener = await lab.factory.listen({ host: US, port: 0 });
  const connection = await lab.memory.transport('10.0.0.9').connect(listener.address, {});
  const theirs = other.factory.create(connection, { inbound: false });
  await Promise.all([theirs.run(), lab.settle()]);
  await listener.close();
  const close = async (): Promise<void> => {
    void theirs.disconnect();
    await lab.settle();
    await other.clock.advance(10_000);
  };
  return { ours: lab.connected[0]!, theirs, other, close };
}

describe('n3: compression between two peers', () => {
  const headers = N3_KIT.headers(HEADERS);
  const answer = dialect.headers(headers);
  const raw = dialect.encode(answer, network.magic).length;
  const small = dialect.encode(answer, network.magic, { compress: true }).length;

  it.each([
    { us: true, them: true, size: small },
    { us: false, them: true, size: raw },
    { us: true, them: false, size: raw },
    { us: false, them: false, size: raw },
  ])('is used where both take it: $us and $them', async ({ us, them, size }) => {
    expect(small).toBeLessThan(raw - 1000);
    const { ours, theirs, other, close } = await connected({ us, them });
    const handshake = ours.traffic.in.bytes;
    other.handle = (peer, message) => (message.command === 'getheaders' ? peer.send(answer) : undefined);
    const [received] = await Promise.all([ours.requestHeaders({ index: 1 }), lab.settle()]);
    expect(received.map(({ hash }) => hash)).toEqual(headers.map(({ hash }) => hash));
    expect(ours.traffic.in.bytes - handshake).toBe(size);
    expect(theirs.traffic.out.bytes - handshake).toBe(size);
    expect(lab.counted.at(-1)).toEqual({ what: 'in headers', bytes: size });
    await close();
  });

  it('goes both ways', async () => {
    const { ours, theirs, other, close } = await connected({ us: true, them: true });
    const block = N3_KIT.block(N3_KIT.blocks(2)[1]!);
    const size = dialect.encode(block, network.magic, { compress: true }).length;
    expect(size).toBeLessThan(dialect.encode(block, network.magic).length);
    await Promise.all([ours.send(block), theirs.send(block), lab.settle()]);
    expect(lab.counted.at(-1)).toEqual({ what: 'in block', bytes: size });
    expect(other.counted.at(-1)).toEqual({ what: 'in block', bytes: size });
    await close();
  });
});

describe('n3: a remote', () => {
  it.each([
    ['announces nothing of it', [], 1],
    ['announced DisableCompression', [{ type: 0x03, name: 'DisableCompression' }] as const, 0],
  ])('that %s gets what may be compressed with flags %#', async (_, capabilities, flags) => {
    lab = new PeerLab({ network });
    const { peer, remote } = await lab.ready({ capabilities });
    const seen: number[] = [];
    remote.connection.onData((chunk) => seen.push(chunk[0]!));
    await Promise.all([peer.send(N3_KIT.block(N3_KIT.blocks(2)[1]!)), lab.settle()]);
    await Promise.all([peer.send(dialect.inventory('block', N3_KIT.hashes(20))), lab.settle()]);
    expect(seen).toEqual([flags, 0]);
  });

  it('gets nothing compressed before its version is known', async () => {
    lab = new PeerLab({ network });
    Object.defineProperty(lab.runtime.local, 'userAgent', { value: 'x'.repeat(1000) });
    const { remote } = await lab.inbound();
    await remote.expect('version');
    expect(lab.counted).toEqual([{ what: 'out version', bytes: 3 + 2 + 16 + 3 + 1000 + 1 + 5 }]);
  });
});

/** A whole, sound payload of so many bytes that are nearly all zero. */
function largeExtensible(size: number): Uint8Array {
  const nothing = new Uint8Array(0);
  const fields = { category: 'test', validBlockStart: 0, validBlockEnd: 1, sender: UInt160.ZERO };
  const witness = { invocation: nothing, verification: nothing };
  const around = ExtensiblePayload.from({ ...fields, data: new Uint8Array(0x10000), witness }).raw.length - 0x10000;
  return ExtensiblePayload.from({ ...fields, data: new Uint8Array(size - around), witness }).raw;
}

/** A request of six bytes, and bytes behind it that nobody reads, as nodes tolerate them. */
function surplusRequest(size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeInt16LE(1, 4);
  return bytes;
}

/** Sends the frame so often to a peer whose handlers end when the test says so. */
async function sendOften(frame: Uint8Array, times: number, inboxBytes?: number) {
  const limits = inboxBytes === undefined ? {} : { inboxBytes };
  lab = new PeerLab({ network, limits, timeouts: { keepaliveMs: 0 } });
  const { peer, remote } = await lab.ready();
  const before = peer.traffic.in;
  const waiting: (() => void)[] = [];
  lab.handle = () => new Promise((resolve) => waiting.push(resolve));
  for (let i = 0; i < times; i++) remote.write(frame);
  await lab.settle();
  const open = (): void => {
    lab.handle = () => undefined;
    for (const resolve of waiting) resolve();
  };
  const { messages, bytes } = peer.traffic.in;
  return { taken: messages - before.messages, bytes: bytes - before.bytes, open };
}

describe('n3: the inbox counts what a compressed message becomes', () => {
  const cases = [
    ['extensible', 'a long payload', largeExtensible],
    ['getheaders', 'surplus bytes', surplusRequest],
  ] as const;

  it.each(cases)('%s, %s, and pauses the connection', async (command, _, payloadOf) => {
    const frame = n3CompressedFrame(command, payloadOf(70_000));
    expect(frame.length).toBeLessThan(1000);
    const { taken, bytes, open } = await sendOften(frame, 10, 150_000);
    expect(taken).toBe(1 + 3); // one with the handler, and three times 70,000 bytes that wait
    expect(bytes).toBe(taken * frame.length); // traffic is what went over the wire
    open();
    await lab.settle();
    expect(lab.handled).toHaveLength(10);
  });

  it.each(cases)('%s, %s, of the largest size: forty of them are not read', async (command, _, payloadOf) => {
    const frame = n3CompressedFrame(command, payloadOf(0x02000000));
    expect(frame.length).toBeLessThan(132_000);
    const { taken, open } = await sendOften(frame, 40);
    expect(taken).toBe(1 + 1); // 32 MiB are there, as much as waits by default
    lab.remotes[0]!.connection.destroy();
    open();
    await lab.settle();
  });
});
