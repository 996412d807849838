// Compiled by `npm run typecheck`: every line after @ts-expect-error must not compile, every other one must.
import {
  type Block,
  BlockHandler,
  type BlockHeader,
  GetBlocksHandler,
  GetDataHandler,
  GetHeadersHandler,
  HeaderHandler,
  HeightProvider,
  type InventoryObject,
  type legacy,
  type Message,
  OnCommand,
  type Peer,
  PeerAdmission,
  provideBehaviour,
  type Transaction,
  type UInt256,
} from '../../src/index.js';

export class Headers extends HeaderHandler {
  handle(_peer: Peer, payload: legacy.HeadersPayload, message: Message<'headers'>): void {
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

export class ServeHeaders extends GetHeadersHandler {
  handle(_peer: Peer, payload: legacy.HashRangePayload): readonly BlockHeader[] | undefined {
    return payload.starts.length === 1 ? [] : undefined;
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
  onBlock(_peer: Peer, block: legacy.LegacyBlock, _message: Message<'block'>): void {
    const transactions: readonly Transaction[] = block.transactions;
    void transactions;
  }

  @OnCommand('block')
  onAnyBlock(_peer: Peer, _block: Block): void {}

  @OnCommand('ping')
  async onPing(_peer: Peer, _payload: legacy.PingPayload): Promise<void> {}

  @OnCommand('inv', { peer: 'testnet' })
  @OnCommand('getdata')
  onInventory(_peer: Peer, _payload: legacy.InventoryPayload): void {}

  @OnCommand('ping')
  nothing(): void {}

  // @ts-expect-error a block has another payload
  @OnCommand('block')
  wrongPayload(_peer: Peer, _payload: legacy.PingPayload): void {}

  // @ts-expect-error the peer comes first
  @OnCommand('ping')
  wrongOrder(_payload: legacy.PingPayload, _peer: Peer): void {}

  // @ts-expect-error there is no fourth argument
  @OnCommand('ping')
  tooMany(_peer: Peer, _payload: legacy.PingPayload, _message: Message<'ping'>, _more: number): void {}

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
  // @ts-expect-error this one handles blocks
  provideBehaviour(GetBlocksHandler, { useClass: Headers }),
  // @ts-expect-error a factory gives what the token stands for
  provideBehaviour(HeightProvider, { useFactory: () => 7 }),
  // @ts-expect-error one of the four ways
  provideBehaviour(HeaderHandler, {}),
];
