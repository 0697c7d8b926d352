/**
 * MessagePack for the values that events carry.
 *
 * | JavaScript                           | MessagePack                                       |
 * | null, undefined                      | nil                                               |
 * | integer number, BigInt               | the shortest int; decoded to a BigInt when unsafe |
 * | other number                         | float 64                                          |
 * | string                               | str; must be valid UTF-8                          |
 * | Uint8Array, ArrayBuffer, typed array | bin; decoded to a Uint8Array of its own           |
 * | array                                | array                                             |
 * | object, Map                          | map; decoded to a Map if any key is not a string  |
 * | Extension                            | ext                                               |
 *
 * Decoding is total: every input gives a value or a TroupeError, and no declared size is believed
 * before it was compared with the bytes that are left.
 */
import { Reader, Writer, bytesOf, safe } from "./bytes.js";
import { TroupeError } from "./errors.js";

/** What a server accepts: containers within containers, and values in all. */
export const limits = Object.freeze({ depth: 16, nodes: 4096 });

/** A MessagePack extension value; Troupe passes it through and gives it no meaning. */
export class Extension {
  constructor(type, data) {
    this.type = type;
    this.data = data;
  }
}

/** The bytes of one value. Throws a TypeError for functions, symbols and dates. */
export function encode(value) {
  const writer = new Writer();
  write(writer, value, limits.depth);
  return writer.finish();
}

/** The value whose encoding `bytes` are, all of them; throws a TroupeError if they are not. */
export function decode(bytes, { depth = limits.depth, nodes = limits.nodes } = {}) {
  const reader = new Reader(bytes);
  const value = read(reader, { depth, nodes, owed: 1 });
  if (reader.left > 0) {
    throw new TroupeError("malformed_message", "Bytes follow the value.");
  }
  return value;
}

// -- writing --------------------------------------------------------------------------------------

function write(writer, value, depth) {
  switch (typeof value) {
    case "undefined": return writer.byte(0xc0);
    case "boolean": return writer.byte(value ? 0xc3 : 0xc2);
    case "number": return writeNumber(writer, value);
    case "bigint": return writeBigInt(writer, value);
    case "string": return writer.text(value, (size) => writeSize(writer, size, strings));
    case "object": return value === null ? writer.byte(0xc0) : writeObject(writer, value, depth);
    default: throw new TypeError(`A ${typeof value} cannot be sent.`);
  }
}

/** Heads of sized values: a short form in one byte, and forms with 8, 16 and 32 bit sizes. */
const strings = { short: 0xa0, most: 31, wide: [0xd9, 0xda, 0xdb] };
const binaries = { short: 0, most: -1, wide: [0xc4, 0xc5, 0xc6] };
const arrays = { short: 0x90, most: 15, wide: [undefined, 0xdc, 0xdd] };
const maps = { short: 0x80, most: 15, wide: [undefined, 0xde, 0xdf] };
const extensions = { short: 0, most: -1, wide: [0xc7, 0xc8, 0xc9] };

function writeSize(writer, size, { short, most, wide }) {
  if (size <= most) return writer.byte(short | size);
  if (size <= 0xff && wide[0]) return writeHead(writer, wide[0], "setUint8", 1, size);
  if (size <= 0xffff) return writeHead(writer, wide[1], "setUint16", 2, size);
  return writeHead(writer, wide[2], "setUint32", 4, size);
}

function writeHead(writer, head, setter, width, value) {
  writer.byte(head);
  writer.number(setter, width, value);
}

function writeNumber(writer, value) {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return writeInteger(writer, value);
  return writeHead(writer, 0xcb, "setFloat64", 8, value);
}

function writeInteger(writer, value) {
  if (value >= 0) {
    if (value < 0x80) return writer.byte(value);
    if (value <= 0xff) return writeHead(writer, 0xcc, "setUint8", 1, value);
    if (value <= 0xffff) return writeHead(writer, 0xcd, "setUint16", 2, value);
    if (value <= 0xffffffff) return writeHead(writer, 0xce, "setUint32", 4, value);
    return writeHead(writer, 0xcf, "setBigUint64", 8, BigInt(value));
  }
  if (value >= -0x20) return writer.byte(value & 0xff);
  if (value >= -0x80) return writeHead(writer, 0xd0, "setInt8", 1, value);
  if (value >= -0x8000) return writeHead(writer, 0xd1, "setInt16", 2, value);
  if (value >= -0x80000000) return writeHead(writer, 0xd2, "setInt32", 4, value);
  return writeHead(writer, 0xd3, "setBigInt64", 8, BigInt(value));
}

function writeBigInt(writer, value) {
  const number = safe(value);
  if (typeof number === "number") return writeInteger(writer, number);
  if (BigInt.asUintN(64, value) === value) return writeHead(writer, 0xcf, "setBigUint64", 8, value);
  if (BigInt.asIntN(64, value) === value) return writeHead(writer, 0xd3, "setBigInt64", 8, value);
  throw new RangeError(`${value} does not fit 64 bits.`);
}

function writeObject(writer, value, depth) {
  if (value instanceof Extension) return writeExtension(writer, value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return writeBinary(writer, bytesOf(value));
  }
  if (value instanceof Date) throw new TypeError("A Date cannot be sent: send its getTime().");
  if (depth === 0) throw new TroupeError("payload_too_deep", "The value is nested too deeply.");
  if (Array.isArray(value)) return writeArray(writer, value, depth);
  if (value instanceof Map) return writeMap(writer, [...value], depth);
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return writeMap(writer, entries, depth);
}

function writeBinary(writer, bytes) {
  writeSize(writer, bytes.length, binaries);
  writer.bytes(bytes);
}

function writeExtension(writer, { type, data }) {
  const fixed = [1, 2, 4, 8, 16].indexOf(data.length);
  if (fixed >= 0) writer.byte(0xd4 + fixed);
  else writeSize(writer, data.length, extensions);
  writer.byte(type & 0xff);
  writer.bytes(data);
}

function writeArray(writer, values, depth) {
  writeSize(writer, values.length, arrays);
  for (const value of values) write(writer, value, depth - 1);
}

function writeMap(writer, entries, depth) {
  writeSize(writer, entries.length, maps);
  for (const [key, value] of entries) {
    write(writer, key, depth - 1);
    write(writer, value, depth - 1);
  }
}

// -- reading --------------------------------------------------------------------------------------

function read(reader, budget) {
  const head = reader.byte();
  if (--budget.nodes < 0) throw tooComplex();
  --budget.owed;
  if (head < 0x80) return head;
  if (head < 0x90) return readMap(reader, head & 0x0f, budget);
  if (head < 0xa0) return readArray(reader, head & 0x0f, budget);
  if (head < 0xc0) return reader.text(head & 0x1f);
  if (head >= 0xe0) return head - 0x100;
  const form = forms[head - 0xc0];
  if (!form) throw new TroupeError("malformed_message", "The payload uses the reserved byte 0xc1.");
  return form(reader, budget);
}

/** What the heads 0xc0 to 0xdf mean. */
const forms = [
  () => null,
  undefined,
  () => false,
  () => true,
  (reader) => reader.bytes(reader.byte()),
  (reader) => reader.bytes(reader.number("getUint16", 2)),
  (reader) => reader.bytes(reader.number("getUint32", 4)),
  (reader) => readExtension(reader, reader.byte()),
  (reader) => readExtension(reader, reader.number("getUint16", 2)),
  (reader) => readExtension(reader, reader.number("getUint32", 4)),
  (reader) => reader.number("getFloat32", 4),
  (reader) => reader.number("getFloat64", 8),
  (reader) => reader.byte(),
  (reader) => reader.number("getUint16", 2),
  (reader) => reader.number("getUint32", 4),
  (reader) => safe(reader.number("getBigUint64", 8)),
  (reader) => reader.number("getInt8", 1),
  (reader) => reader.number("getInt16", 2),
  (reader) => reader.number("getInt32", 4),
  (reader) => safe(reader.number("getBigInt64", 8)),
  (reader) => readExtension(reader, 1),
  (reader) => readExtension(reader, 2),
  (reader) => readExtension(reader, 4),
  (reader) => readExtension(reader, 8),
  (reader) => readExtension(reader, 16),
  (reader) => reader.text(reader.byte()),
  (reader) => reader.text(reader.number("getUint16", 2)),
  (reader) => reader.text(reader.number("getUint32", 4)),
  (reader, budget) => readArray(reader, reader.number("getUint16", 2), budget),
  (reader, budget) => readArray(reader, reader.number("getUint32", 4), budget),
  (reader, budget) => readMap(reader, reader.number("getUint16", 2), budget),
  (reader, budget) => readMap(reader, reader.number("getUint32", 4), budget),
];

function readArray(reader, count, budget) {
  return within(reader, count, budget, () => {
    const values = [];
    for (let index = 0; index < count; ++index) values.push(read(reader, budget));
    return values;
  });
}

function readMap(reader, count, budget) {
  return within(reader, count * 2, budget, () => {
    const entries = [];
    for (let index = 0; index < count; ++index) {
      entries.push([read(reader, budget), read(reader, budget)]);
    }
    const plain = entries.every(([key]) => typeof key === "string");
    return plain ? Object.fromEntries(entries) : new Map(entries);
  });
}

/**
 * Reads the inside of a container after checking that it can exist: `budget.owed` counts the
 * values that are still to come, and each of them takes at least one byte.
 */
function within(reader, values, budget, inside) {
  budget.owed += values;
  if (budget.owed > reader.left || budget.owed > budget.nodes) throw tooComplex();
  if (budget.depth === 0) {
    throw new TroupeError("payload_too_deep", "The payload is nested too deeply.");
  }
  --budget.depth;
  const value = inside();
  ++budget.depth;
  return value;
}

function readExtension(reader, size) {
  return new Extension(reader.number("getInt8", 1), reader.bytes(size));
}

function tooComplex() {
  return new TroupeError("payload_too_complex",
    "The payload declares more than is allowed, or than there are bytes left.");
}
