import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DialectName } from '../wire/common/dialect-name.js';
import { OptionsError } from './options.error.js';
import type { NetworkDefinition, NetworkName } from './options.js';

/** What a seed file looks like; the files in `seeds/` are the one source of these facts. */
interface SeedFile {
  readonly network: string;
  readonly magic: number;
  readonly seeds: readonly string[];
}

// `import … with { type: 'json' }` prints a warning on Node 20, so the files are required.
const requireJson = createRequire(import.meta.url);

/** A network that has a seed file: one whose nodes' addresses are known beforehand. */
type SeededNetworkName = Exclude<NetworkName, EmbeddedNetworkName>;

/** A network that `neo-peer run` makes in its own process. */
type EmbeddedNetworkName = 'legacy-local' | 'n3-local';

/** Standby validators' genesis blocks; neo-project/neo v2.12.0 `Ledger/Blockchain.cs` with each network's protocol.json. */
const LEGACY_GENESIS = Object.freeze({
  mainnet: '0xd42561e3d30e15be6400b6df2f328e02d2bf6354c41dce433bc57687c82144bf',
  testnet: '0xb3181718ef6167105b70920e4a8fbbd0a0a56aacf460d70e10ba6fa1668f1fef',
  fourValidators: '0x996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099',
});

/**
 * The same of N3. MainNet's stands in neo-project/neo and neo-go; the others are what the same rule makes of the standby
 * validators in neo-project/neo-node `config*.json` and neo-go `config/protocol.*.yml`.
 */
const N3_GENESIS = Object.freeze({
  mainnet: '0x1f4d1defa46faa5e7b9b8d3f79a06bec777d7c26c4aa5f6f5899a291daa87c15',
  testnet: '0x9d3276785e7306daf59a3f3b9e31912c095598bbfb8a4476b821b0e59be4c57a',
  neofsMainnet: '0x2eb8ae289c9b16ccbf4a24950b051127ad1d468b601d18f240281de13fc411e8',
  neofsTestnet: '0x15cd52420ea5d293a838a31e4e604b80dfcc218d0ac9ae5b0c82f7829056562d',
  fourValidators: '0x0f8fb4e17d2ab9f3097af75ca7fd16064160fb8043db94909e00dd4e257b9dc4',
});

/** What neo-go's tests call themselves, whose chain the local network serves; neo-go `config/netmode/netmode.go`. */
const N3_LOCAL_MAGIC = 42;

/**
 * The networks known by name, each with the seeds of its seed file. `legacy-local` and `n3-local` have none: their nodes
 * are found through a seed file that `neo-peer run` writes.
 *
 * @publicApi
 */
export const NETWORKS: Readonly<Record<NetworkName, Readonly<NetworkDefinition>>> = Object.freeze({
  'legacy-mainnet': shipped('legacy-mainnet', 'legacy', 10333, LEGACY_GENESIS.mainnet),
  'legacy-testnet': shipped('legacy-testnet', 'legacy', 20333, LEGACY_GENESIS.testnet),
  'legacy-privnet': shipped('legacy-privnet', 'legacy', 20333, LEGACY_GENESIS.fourValidators),
  'legacy-local': embedded('legacy-local', shipped('legacy-privnet', 'legacy', 20333, LEGACY_GENESIS.fourValidators)),
  'n3-mainnet': shipped('n3-mainnet', 'n3', 10333, N3_GENESIS.mainnet),
  'n3-testnet': shipped('n3-testnet', 'n3', 20333, N3_GENESIS.testnet),
  'n3-neofs-mainnet': shipped('n3-neofs-mainnet', 'n3', 40333, N3_GENESIS.neofsMainnet),
  'n3-neofs-testnet': shipped('n3-neofs-testnet', 'n3', 50333, N3_GENESIS.neofsTestnet),
  'n3-privnet': shipped('n3-privnet', 'n3', 20333, N3_GENESIS.fourValidators),
  'n3-local': embedded('n3-local', shipped('n3-privnet', 'n3', 20333, N3_GENESIS.fourValidators), N3_LOCAL_MAGIC),
});

/**
 * The network of that name; a definition is its own answer.
 *
 * @throws OptionsError with path `network` for an unknown name
 * @publicApi
 */
export function networkOf(network: NetworkName | NetworkDefinition): Readonly<NetworkDefinition> {
  if (typeof network !== 'string') return network;
  if (Object.hasOwn(NETWORKS, network)) return NETWORKS[network];
  throw new OptionsError('network', network, `a network definition or one of ${Object.keys(NETWORKS).join(', ')}`);
}

/**
 * Path of the seed file shipped for a network.
 *
 * @internal
 */
export function seedFileOf(network: SeededNetworkName): string {
  return fileURLToPath(new URL(`./seeds/${network}.json`, import.meta.url));
}

function shipped(
  name: SeededNetworkName,
  dialect: DialectName,
  port: number,
  genesis: string,
): Readonly<NetworkDefinition> {
  const file = requireJson(seedFileOf(name)) as SeedFile;
  return Object.freeze({
    name,
    dialect,
    magic: file.magic,
    port,
    seeds: Object.freeze([...file.seeds]),
    genesis,
  });
}

/** The private network, with nobody to be found yet. */
function embedded(
  name: EmbeddedNetworkName,
  privnet: Readonly<NetworkDefinition>,
  magic = privnet.magic,
): Readonly<NetworkDefinition> {
  return Object.freeze({ ...privnet, name, magic, seeds: Object.freeze([]) });
}
