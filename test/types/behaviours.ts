// Compiled by `npm run typecheck`: every line after @ts-expect-error must not compile, every other one must.
import {
  type Block,
  BlockHandler,
  type BlockHeader,
  type Capability,
  ConsensusHandler,
  ExtensibleHandler,
  GetBlockByIndexHandler,
  GetBlocksHandler,
  GetDataHandler,
  GetHeadersHandler,
  GetMptDataHandler,
  HeaderHandler,
  type HeaderTrust,
  HeaderVerifier,
  HeightProvider,
  type Inventory,
  type InventoryObject,
  type legacy,
  type Message,
  MptDataHandler,
  n3,
  type NetworkAddress,
  NotFoundHandler,
  OnCommand,
  P2PNotaryRequestHandler,
  type PayloadOf,
  type Peer,
  PeerAdmission,
  provideBehaviour,
  type Transaction,
  type UInt256,
} from '../../src/index.js';

export class Headers extends HeaderHandler {
  handle(_peer: Peer, payload: PayloadOf<'headers'>, message: Message<'headers'>): void {
    const first: BlockHeader | undefined = payload.headers[0];
    const command: 'headers' = message.command;
    void [first, command];
  }
}

export class FewerParameters extends BlockHandler {
  async handle(): Promise<void> {}
}

export class WrongPayload extends HeaderHandler {
  // @ts-expect-error a headers handler gets headers
  handle(_peer: Peer, _payload: legacy.InventoryPayload): void {}
}

export class LegacyPayloadOnly extends HeaderHandler {
  // @ts-expect-error the network may be an N3 one
  handle(_peer: Peer, _payload: legacy.HeadersPayload): void {}
}

export class N3PayloadOnly extends BlockHandler {
  // @ts-expect-error the network may be a Legacy one
  handle(_peer: Peer, _payload: n3.N3Block): void {}
}

export class LegacyMessageOnly extends BlockHandler {
  // @ts-expect-error the network may be an N3 one
  handle(_peer: Peer, _payload: Block, _message: Message<'block', 'legacy'>): void {}
}

export class CommonShapes extends BlockHandler {
  handle(_peer: Peer, { header, transactions }: Block): void {
    const shown: readonly [number, number] = [header.index, transactions.length];
    void shown;
  }
}

export class ServeHeaders extends GetHeadersHandler {
  handle(_peer: Peer, asked: PayloadOf<'getheaders'>): readonly BlockHeader[] | undefined {
    if (asked.dialect === 'n3') return asked.indexStart === 1 && asked.count === -1 ? [] : undefined;
    // @ts-expect-error Legacy asks by hash
    void asked.indexStart;
    return asked.starts.length === 1 ? [] : undefined;
  }
}

export class AskedBlindly extends GetHeadersHandler {
  handle(_peer: Peer, asked: PayloadOf<'getheaders'>): undefined {
    // @ts-expect-error which dialect's it is has to be asked first
    void asked.starts;
  }
}

export class ServeLater extends GetHeadersHandler {
  async handle(): Promise<BlockHeader[]> {
    return Promise.resolve([]);
  }
}

export class WrongAnswer extends GetBlocksHandler {
  // @ts-expect-error hashes are answered, not texts
  handle(): string[] {
    return [];
  }
}

export class ServeBlocks extends GetDataHandler {
  async *handle(): AsyncGenerator<Block | Transaction> {}
}

declare function blockAt(index: number): Promise<Block<'n3'>>;

export class ServeRange extends GetBlockByIndexHandler {
  async *handle(_peer: Peer, { indexStart, count }: PayloadOf<'getblockbyindex'>): AsyncGenerator<Block<'n3'>> {
    for (let index = indexStart; index < indexStart + count; index++) yield await blockAt(index);
  }
}

export class ServeTrie extends GetMptDataHandler {
  handle(_peer: Peer, { hashes }: n3.GetMptDataPayload): Iterable<Uint8Array> | undefined {
    return hashes.length === 0 ? undefined : [];
  }
}

export class Extensibles extends ExtensibleHandler {
  handle(_peer: Peer, { category, data }: n3.ExtensiblePayload): void {
    const shown: readonly [string, Uint8Array] = [category, data];
    void shown;
  }
}

export class NotaryRequests extends P2PNotaryRequestHandler {
  handle(_peer: Peer, { main }: PayloadOf<'p2pnotaryrequest'>): void {
    const transaction: Transaction = main;
    void transaction;
  }
}

export class TrieNodes extends MptDataHandler {
  handle(_peer: Peer, { nodes }: PayloadOf<'mptdata'>): void {
    const [first]: readonly Uint8Array[] = [...nodes];
    void first;
  }
}

export class Consensus extends ConsensusHandler {
  handle(_peer: Peer, payload: legacy.ConsensusPayload): void {
    const dialect: 'legacy' = payload.dialect;
    void dialect;
  }
}

export class Missing extends NotFoundHandler {
  handle(_peer: Peer, payload: PayloadOf<'notfound'>): void {
    // @ts-expect-error Legacy's is opaque
    void payload.hashes;
    if (payload.dialect === 'n3') void payload.hashes;
  }
}

export class ServeList extends GetDataHandler {
  handle(): readonly InventoryObject[] {
    return [];
  }
}

export class ServeHashes extends GetDataHandler {
  // @ts-expect-error objects are answered, not hashes
  handle(): UInt256[] {
    return [];
  }
}

export class Height extends HeightProvider {
  // @ts-expect-error a height is a number
  height(): string {
    return '1';
  }
}

export class Admission extends PeerAdmission {
  async admit(peer: Peer): Promise<boolean> {
    return Promise.resolve(peer.height > 0);
  }
}

export class Listener {
  @OnCommand('block')
  onBlock(_peer: Peer, block: PayloadOf<'block'>, _message: Message<'block'>): void {
    const transactions: readonly Transaction[] = block.transactions;
    if (block.dialect === 'n3') {
      const signers: readonly n3.Signer[] = block.transactions[0]!.signers;
      void signers;
    } else {
      const inputs = block.transactions[0]!.inputs;
      void inputs;
    }
    void transactions;
  }

  @OnCommand('headers')
  onHeaders(_peer: Peer, payload: PayloadOf<'headers'>): void {
    if (payload.dialect === 'n3') {
      const milliseconds: readonly n3.N3BlockHeader[] = payload.headers;
      void milliseconds;
    } else {
      const seconds: readonly legacy.LegacyBlockHeader[] = payload.headers;
      void seconds;
    }
  }

  @OnCommand('addr')
  onAddresses(_peer: Peer, payload: PayloadOf<'addr'>): void {
    const addresses: readonly NetworkAddress[] = payload.addresses;
    const typed: n3.AddrPayload | legacy.AddrPayload = payload.dialect === 'n3' ? payload : payload;
    void [addresses, typed];
  }

  @OnCommand('transaction')
  onTransaction(_peer: Peer, _payload: Transaction, message: Message<'transaction'>): void {
    if (message.dialect === 'n3') {
      const fee: bigint = message.payload.systemFee;
      void fee;
    }
    // @ts-expect-error only N3 has signers
    void message.payload.signers;
  }

  @OnCommand('block')
  onAnyBlock(_peer: Peer, _block: Block): void {}

  @OnCommand('ping')
  async onPing(_peer: Peer, _payload: PayloadOf<'ping'>): Promise<void> {}

  @OnCommand('inv', { peer: 'testnet' })
  @OnCommand('getdata')
  onInventory(_peer: Peer, payload: PayloadOf<'inv'>): void {
    const common: Inventory = payload;
    const type: number = payload.dialect === 'n3' ? n3.InventoryType[payload.kind] : payload.type;
    void [common, type];
  }

  @OnCommand('extensible')
  onExtensible(_peer: Peer, _payload: n3.ExtensiblePayload, _message: Message<'extensible', 'n3'>): void {}

  @OnCommand('consensus')
  onConsensus(_peer: Peer, _payload: legacy.ConsensusPayload): void {}

  // @ts-expect-error the network may be an N3 one
  @OnCommand('block')
  legacyBlock(_peer: Peer, _payload: legacy.LegacyBlock): void {}

  // @ts-expect-error the network may be a Legacy one
  @OnCommand('getheaders')
  n3Range(_peer: Peer, _payload: n3.IndexRangePayload): void {}

  @OnCommand('ping')
  nothing(): void {}

  // @ts-expect-error a block has another payload
  @OnCommand('block')
  wrongPayload(_peer: Peer, _payload: PayloadOf<'ping'>): void {}

  // @ts-expect-error the peer comes first
  @OnCommand('ping')
  wrongOrder(_payload: PayloadOf<'ping'>, _peer: Peer): void {}

  // @ts-expect-error there is no fourth argument
  @OnCommand('ping')
  tooMany(_peer: Peer, _payload: PayloadOf<'ping'>, _message: Message<'ping'>, _more: number): void {}

  // @ts-expect-error the common name is transaction
  @OnCommand('tx')
  wrongName(): void {}

  // @ts-expect-error `peer` is the option
  @OnCommand('ping', { name: 'testnet' })
  wrongOption(): void {}
}

export const providers = [
  provideBehaviour(HeaderHandler, { useClass: Headers }),
  provideBehaviour(HeaderHandler, { useValue: new Headers() }),
  provideBehaviour(HeaderHandler, { useExisting: Headers }),
  provideBehaviour(HeaderHandler, { useFactory: (headers: Headers) => headers, inject: [Headers] }),
  provideBehaviour(BlockHandler, {
    useValue: {
      handle: (_peer, payload) => {
        const nonce: bigint | undefined = payload.dialect === 'n3' ? payload.header.nonce : undefined;
        void nonce;
      },
    },
  }),
  // @ts-expect-error this one handles blocks
  provideBehaviour(GetBlocksHandler, { useClass: Headers }),
  // @ts-expect-error a factory gives what the token stands for
  provideBehaviour(HeightProvider, { useFactory: () => 7 }),
  // @ts-expect-error one of the four ways
  provideBehaviour(HeaderHandler, {}),
];

/** What came is known from its dialect, wherever it is looked at. */
export function refine(peer: Peer, { version }: Peer, message: Message): void {
  const told: PayloadOf<'version'> | undefined = version;
  if (told?.dialect === 'n3') {
    const capabilities: readonly Capability[] = told.capabilities;
    void capabilities;
  }
  if (told?.dialect === 'legacy') {
    const services: bigint = told.services;
    // @ts-expect-error Legacy has no capabilities
    void [services, told.capabilities];
  }
  if (message.command === 'block' && message.dialect === 'n3') {
    const block: n3.N3Block = message.payload;
    const same: PayloadOf<'block', 'n3'> = block;
    void same;
  }
  // @ts-expect-error Legacy has no such command
  const legacyExtensible: Message<'extensible', 'legacy'> = message;
  // @ts-expect-error a block is no headers
  const headers: PayloadOf<'headers', 'n3'> = {} as PayloadOf<'block', 'n3'>;
  void [peer, legacyExtensible, headers];
}

/** A verifier takes the headers of any dialect, checked against the one before or by those who may sign. */
export class Trusting extends HeaderVerifier {
  verify(header: BlockHeader, by: HeaderTrust): void {
    const index: number = 'previous' in by ? by.previous.index + 1 : header.index;
    void index;
  }
}
