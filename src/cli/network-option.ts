import { Option } from 'commander';
import { NETWORKS, networkOf } from '../config/networks.js';
import type { NetworkDefinition, NetworkName } from '../config/options.js';

/** The network of a command line that names none. Not of `run`: there it is the local network. */
export const DEFAULT_NETWORK = 'n3-mainnet' satisfies NetworkName;

/** `--network`, the same in every command but `run`: always there, as {@link DEFAULT_NETWORK} where none is named. */
export function networkOption(): Option {
  return optionalNetworkOption().default(DEFAULT_NETWORK);
}

/** `--network` of `run`: undefined where none is named. */
export function optionalNetworkOption(): Option {
  return new Option('--network <name>', 'the network').choices(Object.keys(NETWORKS));
}

/** The network of that name, with another magic if one is given. */
export function networkNamed(name: NetworkName, magic: number | undefined): NetworkDefinition {
  const network = networkOf(name);
  return magic === undefined || magic === network.magic ? network : { ...network, magic };
}
