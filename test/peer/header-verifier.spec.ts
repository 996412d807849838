import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { NETWORKS } from '../../src/config/networks.js';
import { genesisBlockOf } from '../../src/node/genesis-blocks.js';
import { HeaderVerifier } from '../../src/peer/header-verifier.js';
import { getPeerToken, InjectPeer } from '../../src/peer/tokens.js';
import { PeerModule } from '../../src/peer.module.js';
import type { BlockHeader } from '../../src/wire/common/block-header.js';
import { UInt160 } from '../../src/wire/primitives/uint160.js';
import { KITS, LEGACY_KIT, N3_KIT, type DialectKit } from '../support/dialect-kit.js';
import { MEMORY_OPTIONS, PeerApplication, type PeerApplicationOptions } from '../support/peer-application.js';

/** As many headers of each recorded chain as there are, or take a second. */
const HEADERS = { legacy: 500, n3: 50 } as const;

const open: PeerApplication[] = [];

afterEach(async () => {
  for (const application of open.splice(0)) await application.close();
});

async function start(...given: Parameters<typeof PeerApplication.start>): Promise<PeerApplication> {
  const application = await PeerApplication.start(...given);
  open.push(application);
  return application;
}

async function verifierOf(kit: DialectKit, options?: PeerApplicationOptions): Promise<HeaderVerifier> {
  const module = PeerModule.forRoot({ ...MEMORY_OPTIONS, network: kit.network });
  return (await start(module, options)).module.get(HeaderVerifier);
}

/** The genesis header and those that follow. */
function chainOf(kit: DialectKit): readonly [BlockHeader, ...BlockHeader[]] {
  return [genesisBlockOf(kit.name).header, ...kit.headers(HEADERS[kit.name])];
}

/** That header with one bit flipped at an offset. */
function flipped(kit: DialectKit, { raw }: BlockHeader, offset: number): BlockHeader {
  const bytes = Buffer.concat([Uint8Array.of(1), raw, Uint8Array.of(0)]);
  bytes.writeUInt8(bytes.readUInt8(1 + offset) ^ 1, 1 + offset);
  return kit.message('headers', bytes).payload.headers[0]!;
}

describe.each(KITS)('HeaderVerifier on $name', (kit) => {
  it('passes the recorded chain, each header by the one before it', async () => {
    const verifier = await verifierOf(kit);
    const chain = chainOf(kit);
    verifier.verify(chain[0], { nextConsensus: UInt160.ZERO });
    for (const [i, header] of chain.slice(1).entries()) verifier.verify(header, { previous: chain[i]! });
    expect(chain).toHaveLength(HEADERS[kit.name] + 1);
  });

  it('passes a header by the account that must have signed it', async () => {
    const verifier = await verifierOf(kit);
    const chain = chainOf(kit);
    expect(() => verifier.verify(chain[7]!, { nextConsensus: chain[6]!.nextConsensus })).not.toThrow();
    expect(() => verifier.verify(chain[7]!, { nextConsensus: UInt160.ZERO })).toThrow(
      expect.objectContaining({ code: 'NEO_PEER_HEADER_VERIFICATION', index: 7, rule: 'next-consensus' }),
    );
  });

  it('tells the rule that a header breaks', async () => {
    const verifier = await verifierOf(kit);
    const chain = chainOf(kit);
    const rule = (header: BlockHeader, previous: BlockHeader): unknown => {
      try {
        verifier.verify(header, { previous });
      } catch (error) {
        return (error as { rule?: unknown }).rule;
      }
      return undefined;
    };
    expect(rule(chain[7]!, chain[5]!)).toBe('index');
    expect(rule(flipped(kit, chain[7]!, 4), chain[6]!)).toBe('previous-hash');
    expect(rule(flipped(kit, chain[7]!, 40), chain[6]!)).toBe('signature'); // the Merkle root is signed
    expect(rule(flipped(kit, chain[0], 40), chain[6]!)).toBe('genesis');
  });

  it('takes no header of the other dialect', async () => {
    const verifier = await verifierOf(kit);
    const other = chainOf(kit === N3_KIT ? LEGACY_KIT : N3_KIT);
    expect(() => verifier.verify(other[1]!, { previous: other[0] })).toThrow(
      expect.objectContaining({ rule: 'dialect' }),
    );
  });

  it('can be replaced in a test', async () => {
    const fake: HeaderVerifier = { verify: () => undefined };
    const verifier = await verifierOf(kit, {
      override: (builder) => builder.overrideProvider(HeaderVerifier).useValue(fake),
    });
    expect(verifier).toBe(fake);
  });
});

describe('HeaderVerifier', () => {
  it('goes by the magic of the network: on another one the same N3 header is signed by nobody', async () => {
    const network = { ...N3_KIT.network, name: 'other', magic: 43 };
    const module = PeerModule.forRoot({ ...MEMORY_OPTIONS, network });
    const verifier = (await start(module)).module.get(HeaderVerifier);
    const [previous, header] = chainOf(N3_KIT) as readonly [BlockHeader, BlockHeader];
    expect(() => verifier.verify(header, { previous })).toThrow(expect.objectContaining({ rule: 'signature' }));
  });

  it('works where the network names no genesis block', async () => {
    const { genesis: _, ...network } = { ...N3_KIT.network, name: 'unknown' };
    const module = PeerModule.forRoot({ ...MEMORY_OPTIONS, network });
    const verifier = (await start(module)).module.get(HeaderVerifier);
    const [genesis, header] = chainOf(N3_KIT) as readonly [BlockHeader, BlockHeader];
    expect(() => verifier.verify(header, { previous: genesis })).not.toThrow();
  });

  it('stands once in each module of an application', async () => {
    @Injectable()
    class Service {
      constructor(
        readonly legacy: HeaderVerifier,
        @InjectPeer(HeaderVerifier, 'n3') readonly n3: HeaderVerifier,
      ) {}
    }
    const options = { ...MEMORY_OPTIONS, name: 'n3', network: NETWORKS['n3-local'] };
    const modules = [PeerModule.forRoot({ ...MEMORY_OPTIONS, network: 'legacy-local' }), PeerModule.forRoot(options)];
    const { module } = await start(modules, { providers: [Service] });
    const { legacy, n3 } = module.get(Service);
    expect(n3).toBe(module.get(getPeerToken(HeaderVerifier, 'n3')));
    for (const [verifier, kit] of [
      [legacy, LEGACY_KIT],
      [n3, N3_KIT],
    ] as const) {
      const [previous, header] = chainOf(kit) as readonly [BlockHeader, BlockHeader];
      expect(() => verifier.verify(header, { previous })).not.toThrow();
    }
  });
});
