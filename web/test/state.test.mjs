/** The mirror of a state, and the bytes it shares with the C++ library: tests/golden/state.json. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeSchema } from "../client/schema.js";
import { StateMirror } from "../client/state.js";

const repository = new URL("../../", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("tests/golden/state.json", repository), "utf8"));
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const malformed = { name: "TroupeError", code: "malformed_message" };

function mirrorAfter(count) {
  const mirror = new StateMirror(bytes(golden.schema));
  for (const step of golden.steps.slice(0, count)) mirror.apply(bytes(step.bytes));
  return mirror;
}

const stepNamed = (name) => golden.steps.findIndex((step) => step.name === name);

for (const [index, step] of golden.steps.entries()) {
  test(`state: golden step: ${step.name}`, () => {
    const mirror = mirrorAfter(index);
    const changes = [];
    mirror.onAny((...change) => changes.push(change.filter((part) => part !== undefined)));
    assert.equal(mirror.apply(bytes(step.bytes)), "applied");
    assert.deepEqual(mirror.toJSON(), step.state);
    assert.deepEqual(changes, step.changes);
    assert.equal(mirror.tick, step.tick);
  });
}

for (const { name, bytes: bad } of golden.refusals) {
  test(`state: refuses ${name}`, () => {
    const mirror = mirrorAfter();
    const before = mirror.toJSON();
    assert.throws(() => mirror.apply(bytes(bad)), malformed);
    assert.deepEqual(mirror.toJSON(), before);
  });
}

for (const { name, bytes: bad } of golden.bad_schemas) {
  test(`state: refuses a schema with ${name}`, () => {
    assert.throws(() => decodeSchema(bytes(bad)), malformed);
  });
}

test("state: the fingerprint is that of the C++ library", () => {
  assert.equal(mirrorAfter(0).fingerprint, golden.fingerprint);
});

test("state: every truncation is refused and changes nothing", () => {
  const schema = bytes(golden.schema);
  for (let size = 0; size < schema.length; ++size) {
    assert.throws(() => decodeSchema(schema.subarray(0, size)), malformed);
  }
  for (const [index, step] of golden.steps.entries()) {
    const mirror = mirrorAfter(index);
    const before = mirror.toJSON();
    const whole = bytes(step.bytes);
    for (let size = 0; size < whole.length; ++size) {
      assert.throws(() => mirror.apply(whole.subarray(0, size)), malformed);
    }
    assert.deepEqual(mirror.toJSON(), before);
  }
});

test("state: bytes with errors are refused or applied, and nothing else", () => {
  let seed = 1;
  const random = (end) => (seed = (seed * 48271) % 2147483647) % end;
  for (let round = 0; round < 4_000; ++round) {
    const index = random(golden.steps.length);
    const mirror = mirrorAfter(index);
    const spoilt = bytes(golden.steps[index].bytes);
    for (let i = random(3); i >= 0; --i) spoilt[random(spoilt.length)] ^= 1 + random(255);
    try {
      mirror.apply(spoilt);
    } catch (error) {
      assert.equal(error.code, "malformed_message", error.stack);
    }
    mirror.toJSON();
  }
});

test("state: schemas with errors are refused or read, and nothing else", () => {
  let seed = 7;
  const random = (end) => (seed = (seed * 48271) % 2147483647) % end;
  for (let round = 0; round < 2_000; ++round) {
    const spoilt = bytes(golden.schema);
    for (let i = random(3); i >= 0; --i) spoilt[random(spoilt.length)] ^= 1 + random(255);
    try {
      new StateMirror(spoilt).toJSON();
    } catch (error) {
      assert.equal(error.code, "malformed_message", error.stack);
    }
  }
});

test("state: patches out of step change nothing", () => {
  const [first, second, third] = golden.steps.map((step) => bytes(step.bytes));
  const mirror = mirrorAfter(0);
  assert.equal(mirror.apply(second), "out of step");
  assert.equal(mirror.apply(first), "applied");
  assert.equal(mirror.apply(third), "out of step");
  assert.equal(mirror.apply(second), "applied");
  assert.equal(mirror.apply(second), "stale");
  assert.equal(mirror.tick, 2);
});

test("state: handlers for entities know id, entity and what happened", () => {
  const start = stepNamed("entities enter");
  const mirror = mirrorAfter(start);
  const heard = [];
  mirror.onEntered("fighters", (id, fighter) => heard.push(["entered", id, fighter.name]));
  mirror.onChanged("fighters", (id, fighter, fields) => heard.push(["changed", id, fields]));
  mirror.onLeft("fighters", (id, fighter, isDestroyed) =>
    heard.push(["left", id, isDestroyed, mirror.state.fighters.get(id) === fighter]));
  const stop = mirror.onValue("title", (title) => heard.push(["title", title]));
  for (const step of golden.steps.slice(start, -2)) mirror.apply(bytes(step.bytes));
  stop();
  assert.deepEqual(heard.slice(0, 3), [["entered", 3, "ada"], ["entered", 300, ""],
    ["changed", 3, ["place", "heading", "health", "team", "is_alive", "score", "wealth", "mass"]]]);
  assert.deepEqual(heard.filter(([kind]) => kind === "left"), [["left", 300, true, true]]);
  assert.deepEqual(heard.at(-1), ["changed", 3,
    ["place", "heading", "health", "team", "is_alive", "score", "wealth", "mass", "name", "items",
      "spells"]]);
});

test("state: entities keep their identity while they are known", () => {
  const start = stepNamed("numbers of every kind");
  const mirror = mirrorAfter(start);
  const ada = mirror.state.fighters.get(3);
  for (const step of golden.steps.slice(start, -1)) mirror.apply(bytes(step.bytes));
  assert.equal(mirror.state.fighters.get(3), ada);
});

test("state: there are no handlers for fields that do not exist", () => {
  const mirror = mirrorAfter(0);
  assert.throws(() => mirror.onValue("weather", () => {}), TypeError);
  assert.throws(() => mirror.onValue("fighters", () => {}), TypeError);
  assert.throws(() => mirror.onLeft("title", () => {}), TypeError);
});
