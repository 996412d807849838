import { readArray, skipArray } from '../primitives/array.js';
import type { ByteReader } from '../primitives/byte-reader.js';
import type { ByteWriter } from '../primitives/byte-writer.js';
import { toHex } from '../primitives/hex.js';
import { UInt160 } from '../primitives/uint160.js';
import { MAX_CONDITION_DEPTH, MAX_CONDITIONS } from './limits.js';
import { readPoint, skipPoint, writePoint } from './transaction-field.js';
import {
  WitnessConditionType,
  type BooleanCondition,
  type CalledByEntryCondition,
  type CompoundCondition,
  type ContractCondition,
  type GroupCondition,
  type NotCondition,
  type WitnessCondition,
} from './witness-condition.js';

/** How what follows the type of one kind of condition is checked, read, written and printed. */
interface ConditionCodec<C extends WitnessCondition> {
  /** Steps over it and checks all that {@link read} would. Those it is made of are `depth` + 1 deep. */
  skip(reader: ByteReader, depth: number): void;
  read(reader: ByteReader, type: C['type']): C;
  write(writer: ByteWriter, condition: C): void;
  /** What it has beside the type, as nodes print it. */
  toJSON(condition: C): object;
}

/** Smallest condition: CalledByEntry, which is a type alone. */
const MIN_CONDITION_SIZE = 1;

/** Conditions of a byte or two are shared, so that reading many of them costs little more than they weigh on the wire. */
const CALLED_BY_ENTRY: CalledByEntryCondition = Object.freeze({ type: WitnessConditionType.CalledByEntry });
const TRUE: BooleanCondition = Object.freeze({ type: WitnessConditionType.Boolean, expression: true });
const FALSE: BooleanCondition = Object.freeze({ type: WitnessConditionType.Boolean, expression: false });

const boolean: ConditionCodec<BooleanCondition> = {
  skip: (reader) => void reader.canonicalBool('expression'),
  read: (reader) => (reader.bool('expression') ? TRUE : FALSE),
  write: (writer, { expression }) => void writer.bool(expression),
  toJSON: ({ expression }) => ({ expression }),
};

const not: ConditionCodec<NotCondition> = {
  skip(reader, depth) {
    reader.enter('expression');
    skipCondition(reader, depth + 1);
    reader.leave();
  },
  read: (reader, type) => ({ type, expression: readCondition(reader) }),
  write: (writer, { expression }) => writeCondition(writer, expression),
  toJSON: ({ expression }) => ({ expression: conditionToJSON(expression) }),
};

const compound: ConditionCodec<CompoundCondition> = {
  skip(reader, depth) {
    const countAt = reader.offset;
    const skipItem = (item: ByteReader) => skipCondition(item, depth + 1);
    const count = skipArray(reader, 'expressions', MAX_CONDITIONS, MIN_CONDITION_SIZE, skipItem, true);
    if (count === 0) reader.fail('expressions', 'value', 'there must be at least one', countAt);
  },
  read: (reader, type) => ({ type, expressions: readArray(reader, readCondition) }),
  write(writer, { expressions }) {
    writer.varint(expressions.length);
    for (const expression of expressions) writeCondition(writer, expression);
  },
  toJSON: ({ expressions }) => ({ expressions: expressions.map(conditionToJSON) }),
};

const contract: ConditionCodec<ContractCondition> = {
  skip: (reader) => reader.skip(UInt160.SIZE, 'hash'),
  read: (reader, type) => ({ type, hash: UInt160.fromDigest(reader.digest(UInt160.SIZE, 'hash')) }),
  write: (writer, { hash }) => void writer.digest(hash.key),
  toJSON: ({ hash }) => ({ hash: hash.toJSON() }),
};

const group: ConditionCodec<GroupCondition> = {
  skip: (reader) => skipPoint(reader, 'group'),
  read: (reader, type) => ({ type, group: readPoint(reader, 'group') }),
  write: (writer, condition) => writePoint(writer, condition.group, 'group'),
  toJSON: (condition) => ({ group: toHex(condition.group) }),
};

const calledByEntry: ConditionCodec<CalledByEntryCondition> = {
  skip: () => undefined,
  read: () => CALLED_BY_ENTRY,
  write: () => undefined,
  toJSON: () => ({}),
};

const CODECS: { readonly [T in WitnessConditionType]: ConditionCodec<ConditionOf<T>> } = Object.freeze({
  [WitnessConditionType.Boolean]: boolean,
  [WitnessConditionType.Not]: not,
  [WitnessConditionType.And]: compound,
  [WitnessConditionType.Or]: compound,
  [WitnessConditionType.ScriptHash]: contract,
  [WitnessConditionType.Group]: group,
  [WitnessConditionType.CalledByEntry]: calledByEntry,
  [WitnessConditionType.CalledByContract]: contract,
  [WitnessConditionType.CalledByGroup]: group,
});

type ConditionOf<T extends WitnessConditionType> = WitnessCondition extends infer C
  ? C extends WitnessCondition
    ? T extends C['type']
      ? C
      : never
    : never
  : never;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(WitnessConditionType).map(([name, type]) => [type, name]),
);

/**
 * Steps over a condition and checks it.
 *
 * @param depth how deep it is nested: 1 for the outermost
 *
 * @internal
 */
export function skipCondition(reader: ByteReader, depth = 1): void {
  const type = reader.u8('type');
  if (depth > MAX_CONDITION_DEPTH) {
    reader.fail('type', 'limit', `conditions are nested deeper than ${MAX_CONDITION_DEPTH}`, reader.offset - 1);
  }
  const codec = codecOf(type);
  if (codec === undefined) {
    return reader.fail('type', 'value', `0x${type.toString(16)} is no witness condition`, reader.offset - 1);
  }
  codec.skip(reader, depth);
}

/** A condition that was stepped over before. @internal */
export function readCondition(reader: ByteReader): WitnessCondition {
  const type = reader.u8('type') as WitnessConditionType;
  return codecOf(type)!.read(reader, type);
}

/** An unknown type is written as it is, and refused when it is decoded. @internal */
export function writeCondition(writer: ByteWriter, condition: WitnessCondition): void {
  writer.u8(condition.type);
  codecOf(condition.type)?.write(writer, condition);
}

/** The same, with the names and texts that nodes print. @internal */
export function conditionToJSON(condition: WitnessCondition): object {
  return { type: TYPE_NAMES.get(condition.type), ...codecOf(condition.type)!.toJSON(condition) };
}

/** The codec for a type byte; undefined when no condition has it. */
function codecOf(type: number): ConditionCodec<WitnessCondition> | undefined {
  return CODECS[type as WitnessConditionType];
}
