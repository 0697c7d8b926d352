/** Schemas of states (docs/state-format.md): what the fields are, and how they are read. */
import { BitReader, misfit } from "./bits.js";
import { safe } from "./bytes.js";

const limits = { records: 256, leaves: 1024, choices: 65536, name: 256, listDepth: 8, depth: 16 };
const kinds = [undefined, "boolean", "natural", "integer", "real", "ranged", "whole", "angle",
  "choice", "text", "record", "list", "map"];
const farthest = 2 ** 40;
const encoder = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(8));

/**
 * Reads a schema: an array of records, the state's own first. A record has a `name`, `fields` as
 * declared and `leaves` as they travel; a field has a `name` and a `type`, a leaf a `path` and a
 * `type`. A type that is a number has `read(reader)`, and some have `readNear(reader, old)`.
 */
export function decodeSchema(bytes) {
  const reader = new BitReader(bytes);
  if (reader.take(8) !== 1) throw misfit("The schema's version is not known here.");
  const records = Array.from({ length: limited(reader.varint(), limits.records) }, () =>
    readRecord(reader));
  if (records.length === 0 || reader.bitsLeft > 0) throw misfit("This is no schema.");
  for (const record of records) check(record, records);
  if (records.some((_, index) => countLeaves(records, index, 0) > limits.leaves)) {
    throw misfit("A record has too many members, or contains itself.");
  }
  for (const record of records) {
    record.leaves = [];
    flatten(record, records, [], record.leaves);
    record.leaves.sort((a, b) => isBranch(a.type) - isBranch(b.type));
    record.numbers = record.leaves.filter((leaf) => !isBranch(leaf.type)).length;
  }
  return records;
}

/** The fingerprint of a schema's bytes, as 16 hexadecimal digits. */
export function fingerprint(bytes) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

/** A value of a type that no patch has told yet. */
export function blank(type, records) {
  if (type.kind === "map") return new Map();
  if (type.kind === "list") return [];
  if (type.kind === "text") return "";
  if (type.kind === "choice") return type.choices[0];
  if (type.kind === "boolean") return false;
  if (type.kind !== "record") return 0;
  return Object.fromEntries(records[type.record].fields.map((field) =>
    [field.name, blank(field.type, records)]));
}

/** Texts, lists and maps travel behind the numbers. */
function isBranch(type) {
  return type.kind === "text" || type.kind === "list" || type.kind === "map";
}

function limited(value, most) {
  if (value > most) throw misfit("A number in the schema is too large.");
  return value;
}

function readName(reader) {
  const name = reader.text();
  if (encoder.encode(name).length > limits.name) throw misfit("A name in the schema is too long.");
  return name;
}

function readRecord(reader) {
  const name = readName(reader);
  const fields = Array.from({ length: limited(reader.varint(), limits.leaves) }, () => ({
    name: readName(reader),
    type: readType(reader, 0),
  }));
  return { name, fields };
}

function readType(reader, depth) {
  const kind = kinds[reader.take(8)];
  if (!kind || depth > limits.listDepth) throw misfit("A type in the schema is not known here.");
  const type = { kind, ...details[kind]?.(reader, depth) };
  return Object.assign(type, numbers[kind]?.(type));
}

const width = (reader) => ({ width: reader.take(8) });
const bounds = (reader) => ({ low: signed(reader), high: signed(reader) });
const record = (reader) => ({ record: limited(reader.varint(), limits.records) });

/** What follows a kind in the schema. */
const details = {
  natural: width,
  integer: width,
  real: width,
  angle: width,
  whole: bounds,
  ranged: (reader) => ({ ...bounds(reader), steps: limited(reader.varint(), 2 ** 20) }),
  choice: (reader) => ({
    choices: Array.from({ length: limited(reader.varint(), limits.choices) }, () =>
      readName(reader)),
  }),
  record,
  map: record,
  list: (reader, depth) => ({ element: readType(reader, depth + 1) }),
};

function signed(reader) {
  return fromZigzag(limited(reader.varint(), 2 ** 42));
}

/** 0, -1, 1, -2, ... */
function fromZigzag(code) {
  if (typeof code === "number") return code % 2 === 0 ? code / 2 : -(code + 1) / 2;
  return safe(code & 1n ? -(code >> 1n) - 1n : code >> 1n);
}

/** How numbers of each kind are read. */
const numbers = {
  boolean: () => coded(1, (code) => code === 1),
  natural: ({ width }) => whole(width, (code) => code),
  integer: ({ width }) => whole(width, fromZigzag),
  real: ({ width }) => ({ read: (reader) => readReal(reader, width) }),
  ranged: ({ low, high, steps }) =>
    near((high - low) * steps, (code) => low + code / steps, (value) => (value - low) * steps),
  whole: ({ low, high }) => near(high - low, (code) => low + code, (value) => value - low),
  angle: ({ width }) => {
    const unit = (2 * Math.PI) / 2 ** width;
    return near(2 ** width - 1, (code) => code * unit, (value) => value / unit, 2 ** width);
  },
  choice: ({ choices }) => coded(choices.length - 1, (code) => choices[code]),
};

/** Numbers up to `top` in as many bits as it takes. */
function coded(top, decode) {
  const bits = Math.max(1, bitWidth(top));
  return {
    read: (reader) => {
      const code = reader.take(bits);
      if (code > top) throw misfit("A number is out of its range.");
      return decode(code);
    },
  };
}

/** Numbers that may be told as their difference from the value before: `readNear(reader, old)`. */
function near(top, decode, encode, turn = Infinity) {
  const bits = bitWidth(top);
  if (bits < 6) return coded(top, decode);
  const nearBits = Math.floor(bits / 2) + 1;
  const readNear = (reader, old) => {
    let code = Math.round(encode(old)) + reader.take(nearBits) - 2 ** (nearBits - 1);
    if (turn < Infinity) code = (code + turn) % turn;
    if (code < 0 || code > top) throw misfit("A number is out of its range.");
    return decode(code);
  };
  return { ...coded(top, decode), readNear };
}

function bitWidth(top) {
  let bits = 0;
  for (let rest = top; rest >= 1; rest /= 2) ++bits;
  return bits;
}

/** Integers of 8 and 16 bits take these; longer ones are varints. */
function whole(width, decode) {
  if (width < 32) return { read: (reader) => decode(reader.take(width)) };
  return {
    read: (reader) => {
      const code = reader.varint();
      if (width === 32 && code > 0xffffffff) throw misfit("A number is out of its range.");
      return decode(code);
    },
  };
}

function readReal(reader, width) {
  scratch.setUint32(0, reader.take(32), true);
  if (width === 32) return scratch.getFloat32(0, true);
  scratch.setUint32(4, reader.take(32), true);
  return scratch.getFloat64(0, true);
}

// -- whether a schema makes sense -----------------------------------------------------------------

function check({ fields }, records) {
  const names = new Set(fields.map((field) => field.name));
  const areNames = fields.every(({ name }) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== "__proto__");
  if (names.size !== fields.length || !areNames) throw misfit("A member has no name of its own.");
  if (!fields.every(({ type }) => isGood(type, records))) {
    throw misfit("A member's type has a width, a bound or a record that does not exist.");
  }
}

function isGood(type, records) {
  switch (type.kind) {
    case "natural":
    case "integer": return [8, 16, 32, 64].includes(type.width);
    case "real": return type.width === 32 || type.width === 64;
    case "angle": return type.width >= 1 && type.width <= 24;
    case "whole": return hasGoodBounds(type, 1);
    case "ranged": return hasGoodBounds(type, type.steps);
    case "choice": return type.choices.length > 0;
    case "record":
    case "map": return type.record < records.length;
    case "list": return isGood(type.element, records) && type.element.kind !== "map";
    default: return true;
  }
}

function hasGoodBounds({ low, high }, steps) {
  return low < high && low >= -farthest && high <= farthest && steps > 0
    && high - low <= Math.floor(0xffffffff / steps);
}

/** Counts leaves, and stops at the limit: records within records may multiply, or have no end. */
function countLeaves(records, index, depth) {
  if (depth > limits.depth) return limits.leaves + 1;
  let leaves = 0;
  for (const { type } of records[index].fields) {
    if (leaves > limits.leaves) break;
    const within = type.kind === "record" ? countLeaves(records, type.record, depth + 1) : 1;
    leaves += Math.max(within, 1);
  }
  return leaves;
}

/** Lists the leaves of a record, those of records within it included. */
function flatten(record, records, path, leaves) {
  for (const { name, type } of record.fields) {
    if (type.kind !== "record") leaves.push({ path: [...path, name], type });
    else flatten(records[type.record], records, [...path, name], leaves);
  }
}
