import type { Command as Program } from 'commander';
import type { NetworkName } from '../config/options.js';
import type { Endpoint } from '../environment/connection.js';
import type { Capability } from '../wire/common/capability.js';
import { capabilityJson } from '../wire/n3/capability-codec.js';
import { connectOption, jsonOption, magicOption } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { networkNamed, networkOption } from './network-option.js';
import { pingReport, type PingReport } from './ping-report.js';
import { printable } from './table.js';

interface PingOptions {
  readonly network: NetworkName;
  readonly connect: Endpoint;
  readonly magic?: number;
  readonly json?: true;
}

const HELP = `
Connects, does the handshake, and sends one ping. With --json
{"address","dialect","version","userAgent","height","capabilities","connectMs","handshakeMs","pingMs"}: times in
milliseconds; "pingMs" is null where the node answers no pings within ten seconds, or is known to hang up on them.
"version" is the protocol's; "capabilities" is empty on Legacy, which has none.

Examples:
  $ neo-peer ping --connect seed1.neo.org:10333
  $ neo-peer ping --network legacy-privnet --connect 127.0.0.1:20333 --json`;

/** Adds `neo-peer ping`. */
export function addPingCommand(program: Program, context: CommandContext): void {
  program
    .command('ping')
    .description('say what a node is, and how fast it answers')
    .addOption(networkOption())
    .addOption(connectOption())
    .addOption(magicOption())
    .addOption(jsonOption('JSON'))
    .addHelpText('after', HELP)
    .action(async ({ network: name, connect, magic, json }: PingOptions) => {
      const format = json ? jsonLines : plainLines;
      const { withPeer } = await import('./with-peer.js'); // Nest takes long to load, and most commands don't need it
      await withPeer(networkNamed(name, magic), connect, context, async (dialled) => {
        for (const line of format(await pingReport(dialled, context.signal))) await context.out.line(line);
      });
    });
}

function jsonLines({ connectMs, handshakeMs, pingMs, ...report }: PingReport): string[] {
  const capabilities = report.capabilities.map(capabilityJson);
  const times = { connectMs: rounded(connectMs), handshakeMs: rounded(handshakeMs) };
  return [JSON.stringify({ ...report, capabilities, ...times, pingMs: pingMs === null ? null : rounded(pingMs) })];
}

function plainLines(report: PingReport): string[] {
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['address', report.address],
    ['dialect', report.dialect],
    ['version', String(report.version)],
    ['user agent', printable(report.userAgent)],
    ['height', String(report.height)],
    ['capabilities', report.capabilities.map(capabilityText).join(', ') || '-'],
    ['connect', millisecondsText(report.connectMs)],
    ['handshake', millisecondsText(report.handshakeMs)],
    ['ping', report.pingMs === null ? 'no answer' : millisecondsText(report.pingMs)],
  ];
  return rows.map(([name, text]) => `${name.padEnd(12)}  ${text}`);
}

function capabilityText(capability: Capability): string {
  if ('port' in capability) return `${capability.name} ${capability.port}`;
  if ('startHeight' in capability) return `${capability.name} ${capability.startHeight}`;
  if (!('data' in capability)) return capability.name;
  return `0x${capability.type.toString(16).padStart(2, '0')} ${Buffer.from(capability.data).toString('hex')}`.trim();
}

function millisecondsText(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** To microseconds: what clocks give beyond that is noise. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
