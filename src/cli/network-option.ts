import { Option } from 'commander';
import { NETWORKS, networkOf } from '../config/networks.js';
import type { NetworkDefinition, NetworkName } from '../config/options.js';

/** `--network`, the same in every command; whether it must be given is up to the command. */
export function networkOption(): Option {
  return new Option('--network <name>', 'the network').choices(Object.keys(NETWORKS));
}

/** The network of that name, with another magic if one is given. */
export function networkNamed(name: NetworkName, magic: number | undefined): NetworkDefinition {
  const network = networkOf(name);
  return magic === undefined || magic === network.magic ? network : { ...network, magic };
}
