import { UInt256 } from '../primitives/uint256.js';
import { N3BlockHeader } from './block-header.js';
import { N3Block } from './block.js';
import { consensusAddress } from './script.js';

/** 15 July 2016, 15:08:21 UTC: the same in every N3 network, and as in NEO 2.x. */
const TIMESTAMP_MS = 1_468_595_301_000;

/** The nonce of Bitcoin's genesis block. */
const NONCE = 2_083_236_893n;

const PUSH_TRUE = 0x11;

/** A script that agrees to everything: the genesis block needs nobody's signature. @internal */
export const GENESIS_SCRIPT = Uint8Array.of(PUSH_TRUE);

const ANYBODY = { invocation: new Uint8Array(0), verification: GENESIS_SCRIPT };

/**
 * The validators that each known network began with, as compressed points in hex. Their order makes no difference.
 * MainNet and TestNet from neo-project/neo-node `config.json`, NeoFS and private networks from nspcc-dev/neo-go `config`.
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
    '023e9b32ea89b94d066e649b124fd50e396ee91369e8e2a6ae1b11c170d022256d',
    '03009b7540e10f2562e5fd8fac9eaec25166a58b26e412348ff5a86927bfac22a2',
    '02ba2c70f5996f357a43198705859fae2cfea13e1172962800772b3d588a9d4abd',
    '03408dcd416396f64783ac587ea1e1593c57d9fea880c8a6a1920e92a259477806',
    '02a7834be9b32e2981d157cb5bbd3acb42cfd11ea5c3b10224d7a44e98c5910f1b',
    '0214baf0ceea3a66f17e7e1e839ea25fd8bed6cd82e6bb6e68250189065f44ff01',
    '030205e9cefaea5a1dfc580af20c8d5aa2468bb0148f1a5e4605fc622c80e604ba',
  ],
  neofsMainnet: [
    '026fa34ec057d74c2fdf1a18e336d0bd597ea401a0b2ad57340d5c220d09f44086',
    '039a9db2a30942b1843db673aeb0d4fd6433f74cec1d879de6343cb9fcf7628fa4',
    '0366d255e7ce23ea6f7f1e4bedf5cbafe598705b47e6ec213ef13b2f0819e8ab33',
    '023f9cb7bbe154d529d5c719fdc39feaa831a43ae03d2a4280575b60f52fa7bc52',
    '039ba959e0ab6dc616df8b803692f1c30ba9071b76b05535eb994bf5bbc402ad5f',
    '035a2a18cddafa25ad353dea5e6730a1b9fcb4b918c4a0303c4387bb9c3b816adf',
    '031f4d9c66f2ec348832c48fd3a16dfaeb59e85f557ae1e07f6696d0375c64f97b',
  ],
  neofsTestnet: [
    '0337f5f45e5be5aeae4a919d0787fcb743656560949061d5b8b05509b85ffbfd53',
    '020b86534a9a264d28b79155b0ec36d555ed0068eb1b0c4d40c35cc7d2f04759b8',
    '02c2efdc01181b0bc14fc19e0acb12281396c8c9ffe64458d621d781a1ded436b7',
    '026f9b40a73f29787ef5b289ac845bc43c64680fdd42fc170b1171d3c57213a89f',
    '0272350def90715494b857315c9b9c70181739eeec52d777424fef2891c3396cad',
    '03a8cee2d3877bcce5b4595578714d77ca2d47673150b8b9cd4e391b7c73b6bda3',
    '0215e735a657f6e23478728d1d0718d516bf50c06c2abd92ec7c00eba2bd7a2552',
  ],
  /** The usual private network, and the recorded chain: four validators. */
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
 * The genesis block of a network with these standby validators. A network's magic is not part of it, so networks of
 * different magic may share one.
 *
 * @param standbyValidators 1 to 127 compressed points in hex
 * @throws DecodeError when one is no point
 *
 * @publicApi
 */
export function genesisBlock(standbyValidators: readonly string[]): N3Block {
  const header = N3BlockHeader.from({
    prevHash: UInt256.ZERO,
    merkleRoot: UInt256.ZERO,
    timestamp: TIMESTAMP_MS,
    nonce: NONCE,
    index: 0,
    primaryIndex: 0,
    nextConsensus: consensusAddress(standbyValidators.map((key) => Buffer.from(key, 'hex'))),
    witness: ANYBODY,
  });
  return N3Block.from({ header, transactions: [] });
}
