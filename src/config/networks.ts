import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
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

/** Standby validators' genesis blocks; neo-project/neo v2.12.0 `Ledger/Blockchain.cs` with each network's protocol.json. */
const GENESIS = Object.freeze({
  mainnet: '0xd42561e3d30e15be6400b6df2f328e02d2bf6354c41dce433bc57687c82144bf',
  testnet: '0xb3181718ef6167105b70920e4a8fbbd0a0a56aacf460d70e10ba6fa1668f1fef',
  fourValidators: '0x996e37358dc369912041f966f8c5d8d3a8255ba5dcbd3447f8a82b55db869099',
});

/**
 * The networks known by name, each with the seeds of its seed file. `legacy-local` has none: its nodes are found through
 * a seed file that `neo-peer run` writes.
 *
 * @publicApi
 */
export const NETWORKS: Readonly<Record<NetworkName, Readonly<NetworkDefinition>>> = Object.freeze({
  'legacy-mainnet': shipped('legacy-mainnet', 10333, GENESIS.mainnet),
  'legacy-testnet': shipped('legacy-testnet', 20333, GENESIS.testnet),
  'legacy-privnet': shipped('legacy-privnet', 20333, GENESIS.fourValidators),
  'legacy-local': Object.freeze<Readonly<NetworkDefinition>>({
    ...shipped('legacy-privnet', 20333, GENESIS.fourValidators),
    name: 'legacy-local',
    seeds: Object.freeze([]),
  }),
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
export function seedFileOf(network: Exclude<NetworkName, 'legacy-local'>): string {
  return fileURLToPath(new URL(`./seeds/${network}.json`, import.meta.url));
}

function shipped(
  name: Exclude<NetworkName, 'legacy-local'>,
  port: number,
  genesis: string,
): Readonly<NetworkDefinition> {
  const file = requireJson(seedFileOf(name)) as SeedFile;
  return Object.freeze({
    name,
    dialect: 'legacy',
    magic: file.magic,
    port,
    seeds: Object.freeze([...file.seeds]),
    genesis,
  });
}
