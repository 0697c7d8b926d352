/** The bytes that this client and the C++ library must agree on: tests/golden/native.json. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Reader, Writer } from "../client/bytes.js";
import { decode, encode } from "../client/codec.js";
import { errorCodes } from "../client/errors.js";

const repository = new URL("../../", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("tests/golden/native.json", repository), "utf8"));
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (values) => Buffer.from(values).toString("hex");

test("golden: varints", () => {
  assert.ok(golden.varints.length > 20);
  for (const { value, bytes: expected } of golden.varints) {
    const writer = new Writer();
    writer.varint(BigInt(value));
    assert.equal(hex(writer.finish()), expected, value);
    const reader = new Reader(bytes(expected));
    assert.equal(BigInt(reader.varint()), BigInt(value));
    assert.equal(reader.left, 0);
  }
});

test("golden: numbers that are safe are varints as well", () => {
  for (const { value, bytes: expected } of golden.varints.filter(isSafe)) {
    const writer = new Writer();
    writer.varint(Number(value));
    assert.equal(hex(writer.finish()), expected, value);
    assert.equal(new Reader(bytes(expected)).varint(), Number(value));
  }
});

test("golden: bad varints", () => {
  assert.ok(golden.bad_varints.length > 5);
  for (const { name, bytes: bad } of golden.bad_varints) {
    const refused = { name: "TroupeError", code: "malformed_message" };
    assert.throws(() => new Reader(bytes(bad)).varint(), refused, name);
  }
});

for (const { name, from, fields, arguments: values, bytes: expected } of golden.messages) {
  test(`golden: ${name} (from the ${from})`, () => {
    const message = toMessage(fields, values, from);
    assert.equal(hex(encode(message, from)), expected);
    assert.deepEqual(decode(bytes(expected), from), message);
  });
}

for (const { name, from, bytes: bad, error } of golden.refusals) {
  test(`golden: refuses ${name} (from a ${from})`, () => {
    if (error === "unknown_operation") assert.equal(decode(bytes(bad), from), undefined);
    else assert.throws(() => decode(bytes(bad), from), { name: "TroupeError", code: error });
  });
}

test("golden: the error codes are those of the C++ library", () => {
  const header = readFileSync(new URL("include/troupe/errc.hpp", repository), "utf8");
  const found = [...header.matchAll(/^ +(\w+) = (\d+),/gm)];
  assert.ok(found.length > 20);
  assert.deepEqual(found.map(([, code]) => code), [...errorCodes]);
  assert.deepEqual(found.map(([, , number]) => Number(number)), [...errorCodes.keys()]);
});

function isSafe({ value }) {
  return Number.isSafeInteger(Number(value)) && BigInt(value) === BigInt(Number(value));
}

/** The file's words for a message in the client's words. */
function toMessage(fields, values, from) {
  const message = { op: fields.op, ...toFields[fields.op](fields) };
  if (hasPayload.has(fields.op)) {
    message.payload = fields.raw ? bytes(fields.payload ?? "") : values ?? [];
  }
  if (isMarked.has(fields.op)) message.delivery = toDelivery(fields, from);
  return message;
}

const hasPayload = new Set(
  ["hello", "event", "ask", "reply", "join", "joined", "publish", "room_event", "presence"]);
const isMarked = new Set(["event", "publish", "room_event"]);

const toFields = {
  hello: ({ version, connection, server_time }) => ({ version, id: connection, time: server_time }),
  event: ({ event }) => ({ name: event }),
  ask: ({ ask_id, event }) => ({ ask: ask_id, name: event }),
  reply: ({ ask_id }) => ({ ask: ask_id }),
  error: ({ ask_id, code, text = "" }) => ({ ask: ask_id, code, text }),
  join: ({ ask_id, text }) => ({ ask: ask_id, name: text }),
  leave: ({ ask_id, room }) => ({ ask: ask_id, room }),
  joined: ({ ask_id, room, text, members }) => ({ ask: ask_id, room, name: text, count: members }),
  left: ({ ask_id, room, reason }) => ({ ask: ask_id, room, reason }),
  publish: ({ room, event }) => ({ room, name: event }),
  room_event: ({ room, sender, event }) => ({ room, sender, name: event }),
  presence: ({ room, kind }) => ({ room, kind }),
  clock: ({ client_time: time, server_time: serverTime }) =>
    serverTime === undefined ? { time } : { time, serverTime },
  restarted: ({ room, epoch }) => ({ room, epoch }),
  received: ({ count }) => ({ count }),
};

function toDelivery({ class: name = "ordered", key, priority, deadline_ms }, from) {
  if (name === "ordered" || from === "server") return { class: name };
  if (name === "latest") return { class: name, key };
  return { class: name, priority: priority ?? 0, deadline: deadline_ms ?? 0 };
}
