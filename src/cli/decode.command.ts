import { addAbortSignal } from 'node:stream';
import { Option, type Command as Program } from 'commander';
import { AbortedError } from '../environment/aborted.error.js';
import { dialectOf, type Command } from '../wire/messages.js';
import type { RawFrame } from '../wire/common/dialect.js';
import { DecodeError } from '../wire/primitives/decode.error.js';
import type { NetworkDefinition, NetworkName } from '../config/options.js';
import { jsonOption, magicOption } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { hexBytes } from './hex-input.js';
import { networkNamed, networkOption } from './network-option.js';
import type { Output } from './output.js';
import { UsageError } from './usage.error.js';

interface DecodeOptions {
  readonly network: NetworkName;
  readonly magic?: number;
  readonly payload?: string;
}

const HELP = `
Prints one line of JSON a frame:
  {"dialect","magic","command","flags","size","checksum","payload","trailingBytes"}
"command" is the common name (transaction, not tx); of a command that isn't known it is the name on the wire (N3: its
number, as 0x12), and "payload" is hex then. "size" counts the whole frame. Legacy: "checksum" is hex in wire order. N3:
frames have neither magic nor checksum, both are null; "flags" 1 says that the payload came compressed, it is printed
decompressed; a version is printed whatever magic it carries. Bytes that end within a frame are an error, after the frames
before it were printed. With --payload the bytes are one payload, never compressed, printed alone.

Examples:
  $ neo-peer decode 000100
  $ neo-peer decode --payload ping 2a00000000e1f505d2029649
  $ xxd -p capture.bin | neo-peer decode -
  $ neo-peer decode --network legacy-mainnet 416e740076657261636b000000000000000000005df6e0e2
  $ neo-peer decode --network legacy-mainnet --payload tx 0000bb...`;

/** Adds `neo-peer decode`. */
export function addDecodeCommand(program: Program, context: CommandContext): void {
  program
    .command('decode')
    .description('print frames, or one payload, as JSON')
    .argument('<hex>', 'the bytes as hex (white space allowed), or - to read hex from stdin')
    .addOption(networkOption())
    .addOption(magicOption())
    .addOption(
      new Option('--payload <command>', 'the bytes are the payload of that command (wire name or common name)'),
    )
    .addOption(jsonOption('JSON, which is what is printed anyway'))
    .addHelpText('after', HELP)
    .action(async (hex: string, options: DecodeOptions) => {
      const network = networkNamed(options.network, options.magic);
      const bytes = hex === '-' ? inputBytes(context) : argumentBytes(hex);
      if (options.payload === undefined) await printFrames(bytes, network, context);
      else await printPayload(bytes, network, options.payload, context.out);
    });
}

/** Reads stdin until its end, or until Ctrl-C. */
async function* inputBytes({ stdin, signal }: CommandContext): AsyncIterable<Uint8Array> {
  try {
    yield* hexBytes(addAbortSignal(signal, stdin));
  } catch (error) {
    throw signal.aborted ? new AbortedError(signal.reason) : error;
  }
}

async function* argumentBytes(hex: string): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of hexBytes([hex])) chunks.push(chunk);
  } catch (error) {
    // What stands on the command line is usage; what comes in on stdin is data.
    throw error instanceof DecodeError ? new UsageError(error.message, { cause: error }) : error;
  }
  yield* chunks;
}

async function printFrames(
  chunks: AsyncIterable<Uint8Array>,
  network: NetworkDefinition,
  { out }: CommandContext,
): Promise<void> {
  const decoder = dialectOf(network.dialect).createFrameDecoder({ magic: network.magic });
  let read = 0;
  let consumed = 0;
  for await (const chunk of chunks) {
    read += chunk.length;
    for (const frame of decoder.pushRaw(chunk)) {
      consumed += frame.size;
      await out.line(JSON.stringify(describeFrame(frame, network)));
    }
  }
  if (read > consumed || read === 0) {
    const detail = read === 0 ? 'there are no bytes' : `the bytes end ${read - consumed} bytes into a frame`;
    throw new DecodeError({
      command: 'frame',
      field: 'payload',
      offset: read - consumed,
      problem: 'truncated',
      detail,
    });
  }
}

function describeFrame(frame: RawFrame, network: NetworkDefinition): object {
  const dialect = dialectOf(network.dialect);
  const command = dialect.commandOf(frame.wireName);
  const view = command === undefined ? undefined : dialect.decodePayload(command, frame.payload);
  return {
    dialect: dialect.name,
    magic: frame.magic ?? null,
    command: command ?? frame.wireName,
    flags: frame.flags,
    size: frame.size,
    checksum: checksumText(frame.checksum),
    payload: view ?? Buffer.from(frame.payload).toString('hex'),
    trailingBytes: view === undefined ? 0 : frame.payload.length - view.raw.length,
  };
}

/** The four bytes as they stand in the frame. */
function checksumText(checksum: number | undefined): string | null {
  if (checksum === undefined) return null;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(checksum);
  return bytes.toString('hex');
}

async function printPayload(
  chunks: AsyncIterable<Uint8Array>,
  network: NetworkDefinition,
  name: string,
  out: Output,
): Promise<void> {
  const dialect = dialectOf(network.dialect);
  const command: Command | undefined = dialect.commandOf(name);
  if (command === undefined) {
    throw new UsageError(
      `${JSON.stringify(name)} is no command of ${dialect.name}; there are ${dialect.commands.join(', ')}`,
    );
  }
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  const payload = Buffer.concat(pieces);
  const view = dialect.decodePayload(command, payload);
  const { length } = view.raw;
  if (length < payload.length) {
    const detail = `${payload.length - length} bytes are left over after the payload`;
    throw new DecodeError({ command, field: 'payload', offset: length, problem: 'trailing', detail });
  }
  await out.line(JSON.stringify(view));
}
