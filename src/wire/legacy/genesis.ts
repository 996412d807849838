import { consensusQuorum } from '../common/standard-script.js';
import { UInt256 } from '../primitives/uint256.js';
import { merkleRoot } from '../primitives/merkle-tree.js';
import { LegacyBlock } from './block.js';
import { LegacyBlockHeader } from './block-header.js';
import { multisignatureScript, scriptHash } from './script.js';
import { LegacyTransaction } from './transaction.js';
import { GOVERNING_TOKEN } from './transaction-asset.js';
import { AssetType, type RegisterData } from './transaction-data.js';
import { TransactionType } from './transaction-type.js';

/** 15 July 2016, 15:08:21 UTC: the same in every NEO 2.x network. */
const TIMESTAMP = 1_468_595_301;

/** The nonce of Bitcoin's genesis block: consensus data of the header, nonce of the Miner. */
const NONCE = 2_083_236_893;

/** One whole token, in units of 10^-8. */
const TOKEN = 100_000_000n;

/** Both system tokens have a hundred million units. */
const TOKEN_AMOUNT = 100_000_000n * TOKEN;

const PUSH_TRUE = 0x51;
const PUSH_FALSE = 0x00;

const NOTHING = new Uint8Array(0);

/** One zero byte: the point at infinity. */
const NOBODY = new Uint8Array(1);

/** A script that agrees to everything: the genesis block and its Issue need nobody's signature. @internal */
export const GENESIS_SCRIPT = Uint8Array.of(PUSH_TRUE);

const ANYBODY = { invocation: NOTHING, verification: GENESIS_SCRIPT };

/**
 * The validators that each known network began with, as compressed points in hex. Their order makes no difference.
 * MainNet and TestNet from neo-project/neo-node `protocol.json`, private networks from neo-go 2.x.
 *
 * @publicApi
 */
export const STANDBY_VALIDATORS = Object.freeze({
  mainnet: [
    '03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c',
    '02df48f60e8f3e01c48ff40b9b7f1310d7a8b2a193188befe1c2e3df740e895093',
    '03b8d9d5771d8f513aa0869b9cc8d50986403b78c6da36890638c3d46a5adce04a',
    '02ca0e27697b9c248f6f16e085fd0061e26f44da85b58ee835c110caa5ec3ba554',
    '024c7b7fb6c310fccf1ba33b082519d82964ea93868d676662d4a59ad548df0e7d',
    '02aaec38470f6aad0042c6e877cfd8087d2676b0f516fddd362801b9bd3936399e',
    '02486fd15702c4490a26703112a5cc1d0923fd697a33406bd5a1c00e0013b09a70',
  ],
  testnet: [
    '0327da12b5c40200e9f65569476bbff2218da4f32548ff43b6387ec1416a231ee8',
    '026ce35b29147ad09e4afe4ec4a7319095f08198fa8babbe3c56e970b143528d22',
    '0209e7fd41dfb5c2f8dc72eb30358ac100ea8c72da18847befe06eade68cebfcb9',
    '039dafd8571a641058ccc832c5e2111ea39b09c0bde36050914384f7a48bce9bf9',
    '038dddc06ce687677a53d54f096d2591ba2302068cf123c1f2d75c2dddc5425579',
    '02d02b1873a0863cd042cc717da31cea0d7cf9db32b74d4c72c01b0011503e2e22',
    '034ff5ceeac41acf22cd5ed2da17a6df4dd8358fcb2bfb1a43208ad0feaab2746b',
  ],
  /** neo-local and the usual docker images: four validators. */
  privnet: [
    '02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2',
    '02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e',
    '03d90c07df63e690ce77912e10ab51acc944b66860237b608c4f8f8309e71ee699',
    '02a7bc55fe8684e0119768d104ba30795bdcc86619e864add26156723ed185cd62',
  ],
  /** The same with one validator. */
  privnetSingle: ['02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2'],
} as const);

/**
 * The genesis block of a network with these standby validators. A private network's magic is not part of it, so networks
 * of different magic may share one.
 *
 * @param standbyValidators 1 to 16 compressed points in hex
 * @throws DecodeError when one is no point
 *
 * @publicApi
 */
export function genesisBlock(standbyValidators: readonly string[]): LegacyBlock {
  const keys = standbyValidators.map((key) => Buffer.from(key, 'hex'));
  const transactions = genesisTransactions(multisignatureScript(Math.floor(keys.length / 2) + 1, keys));
  const root = merkleRoot(transactions.map((transaction) => transaction.hash.key));
  const header = LegacyBlockHeader.from({
    prevHash: UInt256.ZERO,
    merkleRoot: UInt256.fromDigest(root),
    timestamp: TIMESTAMP,
    index: 0,
    consensusData: BigInt(NONCE),
    nextConsensus: scriptHash(multisignatureScript(consensusQuorum(keys.length), keys)),
    witness: ANYBODY,
  });
  return LegacyBlock.from({ header, transactions });
}

/** Makes both system tokens, and gives all of the governing one to `owner`. */
function genesisTransactions(owner: Uint8Array): readonly LegacyTransaction[] {
  return [
    LegacyTransaction.from({ data: { type: TransactionType.Miner, nonce: NONCE } }),
    LegacyTransaction.from({ data: systemToken(AssetType.Governing, '小蚁股', 'AntShare', 0, PUSH_TRUE) }),
    LegacyTransaction.from({ data: systemToken(AssetType.Utility, '小蚁币', 'AntCoin', 8, PUSH_FALSE) }),
    LegacyTransaction.from({
      data: { type: TransactionType.Issue },
      outputs: [{ assetId: GOVERNING_TOKEN, value: TOKEN_AMOUNT, scriptHash: scriptHash(owner) }],
      witnesses: [ANYBODY],
    }),
  ];
}

function systemToken(
  assetType: AssetType,
  chinese: string,
  english: string,
  precision: number,
  adminScript: number,
): RegisterData {
  const names = [
    { lang: 'zh-CN', name: chinese },
    { lang: 'en', name: english },
  ];
  return {
    type: TransactionType.Register,
    assetType,
    name: Buffer.from(JSON.stringify(names)),
    amount: TOKEN_AMOUNT,
    precision,
    owner: NOBODY,
    admin: scriptHash(Uint8Array.of(adminScript)),
  };
}
