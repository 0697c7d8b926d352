/**
 * Messages of the native protocol `troupe.v1` and their bytes (docs/wire-format.md).
 *
 * A message is a plain object: `op`, the fields of its operation, and where the operation has one a
 * `payload`, which is an array of arguments or, sent without any encoding, a Uint8Array.
 * Messages a client sends can be marked: `delivery` is `{class: "ordered"}`,
 * `{class: "latest", key}` or `{class: "droppable", priority, deadline}`.
 */
import { Reader, Writer, safe } from "./bytes.js";
import { TroupeError } from "./errors.js";
import * as msgpack from "./msgpack.js";

export const subprotocol = "troupe.v1";
export const version = 1;

const rawBit = 0x20;
const classes = ["ordered", "latest", "droppable"];
const longestName = 128;
const nameGrammar = /^[A-Za-z0-9_.:/-]{1,128}$/;

const hello = { version: "varint", id: "positive", time: "varint", payload: "arguments" };
const event = { name: "name", payload: "any" };
const ask = { ask: "positive", name: "name", payload: "any" };
const reply = { ask: "positive", payload: "any" };
const error = { ask: "varint", code: "code", text: "rest" };
const join = { ask: "positive", name: "text", payload: "arguments" };
const leave = { ask: "positive", room: "room" };
const joined = {
  ask: "varint", room: "room", name: "text", count: "varint", payload: "arguments",
};
const left = { ask: "varint", room: "room", reason: "small" };
const publish = { room: "room", name: "name", payload: "any" };
const roomEvent = { room: "room", sender: "varint", name: "name", payload: "any" };
const presence = { room: "room", kind: "code", payload: "arguments" };
const clockAsk = { time: "varint" };
const clockAnswer = { time: "varint", serverTime: "varint" };
const restarted = { room: "room", epoch: "varint" };
const received = { count: "varint" };

/** Every operation by its number: which fields it has when a client, or a server, sends it. */
const operations = [
  { op: "hello", server: hello },
  { op: "event", client: event, server: event, marked: true },
  { op: "ask", client: ask, server: ask },
  { op: "reply", client: reply, server: reply },
  { op: "error", client: error, server: error },
  { op: "join", client: join },
  { op: "leave", client: leave },
  { op: "joined", server: joined },
  { op: "left", server: left },
  { op: "publish", client: publish, marked: true },
  { op: "room_event", server: roomEvent, marked: true },
  { op: "presence", server: presence },
  { op: "clock", client: clockAsk, server: clockAnswer },
  { op: "restarted", server: restarted },
  { op: "received", client: received, server: received },
];
const numbers = new Map(operations.map(({ op }, number) => [op, number]));

/** Whether `name` may name an event or a room. */
export function isName(name) {
  return typeof name === "string" && nameGrammar.test(name);
}

/** The bytes of `message` as its `sender` ("client" or "server") puts them on the wire. */
export function encode(message, sender = "client") {
  const operation = operations[numbers.get(message.op)];
  const writer = new Writer();
  writer.byte(head(message));
  if (sender === "client") writeMarks(writer, message.delivery);
  for (const [field, type] of Object.entries(operation[sender])) {
    types[type].write(writer, message[field]);
  }
  return writer.finish();
}

/**
 * The message in `bytes`, or undefined when its operation is unknown, which a client ignores so
 * that servers can grow. Throws a TroupeError when the bytes are no message.
 */
export function decode(bytes, sender = "server") {
  const reader = new Reader(bytes);
  const first = reader.byte();
  const operation = operations[first & 0x1f];
  const fields = operation?.[sender];
  if (!fields) return undefined;
  checkBits(operation, fields, first);
  const message = { op: operation.op };
  if (operation.marked) message.delivery = readMarks(reader, first >> 6, sender);
  for (const [field, type] of Object.entries(fields)) {
    message[field] = types[type].read(reader, sender, first);
  }
  if (reader.left > 0) throw malformed(`Bytes follow the ${operation.op} message.`);
  return message;
}

function checkBits({ op, marked }, { payload }, first) {
  if (first & rawBit && payload !== "any") throw malformed(`A ${op} message cannot be raw.`);
  if (first >> 6 && !marked) throw malformed(`A ${op} message has no delivery class.`);
}

function head({ op, payload, delivery }) {
  const raw = payload instanceof Uint8Array ? rawBit : 0;
  const rank = delivery ? classes.indexOf(delivery.class) : 0;
  return numbers.get(op) | raw | (rank << 6);
}

// -- delivery marks -------------------------------------------------------------------------------

function writeMarks(writer, delivery) {
  if (delivery?.class === "latest") writer.varint(delivery.key);
  if (delivery?.class === "droppable") {
    writer.varint(delivery.priority);
    writer.varint(delivery.deadline);
  }
}

/** Servers tell the class only; what it was marked with stays between sender and server. */
function readMarks(reader, rank, sender) {
  if (rank >= classes.length) throw malformed("The delivery class 3 does not exist.");
  const delivery = { class: classes[rank] };
  if (sender === "server") return delivery;
  if (delivery.class === "latest") delivery.key = reader.varint();
  if (delivery.class === "droppable") {
    delivery.priority = reader.varint();
    delivery.deadline = reader.varint();
    checkRange(delivery.priority, 0, 255);
    checkRange(delivery.deadline, 0, 0xffffffff);
  }
  return delivery;
}

// -- fields ---------------------------------------------------------------------------------------

/** How each type of field is written and read; `any` is a payload that may be raw. */
const types = {
  varint: number(0, Infinity),
  positive: number(1, Infinity),
  room: number(1, 0xffffffff),
  small: number(0, 255),
  code: number(1, 255),
  name: { write: writeName, read: readName },
  text: { write: writeText, read: readText },
  rest: {
    write: (writer, value) => writer.text(value, () => {}),
    read: (reader) => reader.text(reader.left),
  },
  arguments: { write: writeArguments, read: readArguments },
  any: { write: writePayload, read: readPayload },
};

function number(least, most) {
  return {
    write: (writer, value) => writer.varint(value),
    read: (reader) => checkRange(reader.varint(), least, most),
  };
}

function checkRange(value, least, most) {
  if (value < least || value > most) throw malformed(`The number ${value} is out of range.`);
  return value;
}

/** A registered event's number, or a name as text. */
function writeName(writer, name) {
  if (typeof name === "number") return writer.varint(name * 2);
  if (!isName(name)) throw badName(name);
  return writer.text(name, (size) => writer.varint(size * 2 + 1));
}

function readName(reader) {
  const head = reader.varint();
  const isNumber = typeof head === "number" ? head % 2 === 0 : head % 2n === 0n;
  const half = typeof head === "number" ? Math.floor(head / 2) : safe(head / 2n);
  return isNumber ? half : readNameText(reader, half);
}

function writeText(writer, value) {
  if (!isName(value)) throw badName(value);
  writer.text(value, (size) => writer.varint(size));
}

function readText(reader) {
  return readNameText(reader, reader.varint());
}

/** Names are ASCII: other bytes become letters that the grammar refuses. */
function readNameText(reader, size) {
  const name = String.fromCharCode(...reader.bytes(size).subarray(0, longestName + 1));
  if (!isName(name)) throw badName(name);
  return name;
}

function writePayload(writer, payload) {
  if (payload instanceof Uint8Array) writer.bytes(payload);
  else writeArguments(writer, payload);
}

function readPayload(reader, sender, first) {
  if (first & rawBit) return reader.bytes(reader.left);
  return readArguments(reader, sender);
}

function writeArguments(writer, payload) {
  if (payload?.length > 0) writer.bytes(msgpack.encode(payload));
}

/** What a server sends may have any number of values: its presence lists are long. */
function readArguments(reader, sender) {
  if (reader.left === 0) return [];
  const nodes = sender === "server" ? Infinity : msgpack.limits.nodes;
  const values = msgpack.decode(reader.bytes(reader.left), { nodes });
  if (!Array.isArray(values)) throw malformed("The payload is not an array of arguments.");
  return values;
}

function malformed(message) {
  return new TroupeError("malformed_message", message);
}

function badName(name) {
  return new TroupeError("bad_name",
    `"${name}" is not a name: use 1 to 128 letters, digits and any of _ . : / -`);
}
