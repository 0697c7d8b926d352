/**
 * Plays random histories of a state, as `troupe_state_histories COUNT` prints them, and compares
 * the mirror with what the C++ library says it holds:
 *
 *     troupe_state_histories 100000 | node web/test/state-histories.mjs
 */
import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import { StateMirror } from "../client/state.js";

let schema;
let mirror;
let seed;
let histories = 0;
let patches = 0;

const lines = {
  S: (hex) => (schema = Buffer.from(hex, "hex")),
  H: (value) => {
    seed = value;
    mirror = new StateMirror(schema);
  },
  P: (hex) => {
    assert.equal(mirror.apply(Buffer.from(hex, "hex")), "applied", `history ${seed}`);
    patches += 1;
  },
  E: (json) => {
    assert.deepEqual(mirror.toJSON(), JSON.parse(json), `history ${seed}`);
    histories += 1;
  },
};

for await (const line of createInterface({ input: process.stdin })) lines[line[0]](line.slice(2));
assert.ok(histories > 0, "there was no history");
console.log(`${histories} histories with ${patches} patches gave the exact state`);
