import assert from "node:assert/strict";
import { test } from "node:test";
import { Extension, decode, encode } from "../client/msgpack.js";

const hex = (value) => Buffer.from(encode(value)).toString("hex");
const parse = (text, limits) => decode(new Uint8Array(Buffer.from(text, "hex")), limits);
const round = (value) => decode(encode(value), { nodes: Infinity });
const refusal = (code) => ({ name: "TroupeError", code });

test("msgpack: values survive a round trip", () => {
  const values = [
    null, true, false, 0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296,
    Number.MAX_SAFE_INTEGER, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649,
    Number.MIN_SAFE_INTEGER, 0.5, -0.1, 1e300, 5e-324, Infinity, -Infinity, NaN, -0,
    2n ** 53n, 2n ** 64n - 1n, -(2n ** 53n), -(2n ** 63n),
    "", "a", "ä€😀", "\ufeffmark", ...[31, 32, 255, 256, 70000].map((size) => "x".repeat(size)),
    [], [1, [2, [3]]], Array.from({ length: 20 }, (_, index) => index),
    {}, { a: 1, b: { c: [null] } }, new Map([[1, "one"], [null, 2]]),
    new Uint8Array(0), new Uint8Array(300).fill(7), new Uint8Array(70000),
    new Extension(-5, new Uint8Array(3)), new Extension(1, new Uint8Array(16)),
  ];
  for (const value of values) assert.deepEqual(round(value), value);
});

test("msgpack: every size around a change of form survives", () => {
  for (const size of [15, 16, 255, 256, 65535, 65536]) {
    const array = new Array(size).fill(1);
    assert.deepEqual(round(array), array);
    const object = Object.fromEntries(array.map((value, index) => [`k${index}`, value]));
    assert.deepEqual(round(object), object);
  }
});

test("msgpack: integers take the shortest form", () => {
  assert.equal(hex(127), "7f");
  assert.equal(hex(128), "cc80");
  assert.equal(hex(65536), "ce00010000");
  assert.equal(hex(-32), "e0");
  assert.equal(hex(-33), "d0df");
  assert.equal(hex(5n), "05");
});

test("msgpack: integers become BigInts only where numbers would lose", () => {
  assert.equal(parse("cf001fffffffffffff"), Number.MAX_SAFE_INTEGER);
  assert.equal(parse("cf0020000000000000"), 2n ** 53n);
  assert.equal(parse("d3ffe0000000000001"), Number.MIN_SAFE_INTEGER);
});

test("msgpack: float 32 is understood", () => {
  assert.equal(parse("ca3fc00000"), 1.5);
});

test("msgpack: any view is sent as bytes", () => {
  assert.equal(hex(new Uint16Array([1])), "c4020100");
  assert.equal(hex(new Uint8Array([0, 9, 8]).subarray(1)), "c4020908");
  assert.equal(hex(new ArrayBuffer(1)), "c40100");
});

test("msgpack: received bytes have a buffer of their own", () => {
  const bytes = parse("c4020908");
  assert.equal(bytes.byteOffset, 0);
  assert.equal(bytes.buffer.byteLength, 2);
});

test("msgpack: undefined is nil, and left out of objects", () => {
  assert.equal(hex(undefined), "c0");
  assert.equal(hex({ a: undefined }), "80");
});

test("msgpack: a key named __proto__ is a key like others", () => {
  const value = parse("81a95f5f70726f746f5f5f81a16101");
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__"]);
});

test("msgpack: what cannot be sent is refused", () => {
  const wrong = [() => 1, Symbol("x"), new Date()];
  const tooLarge = [2n ** 64n, -(2n ** 63n) - 1n];
  for (const value of wrong) assert.throws(() => encode(value), TypeError);
  for (const value of tooLarge) assert.throws(() => encode(value), RangeError);
});

test("msgpack: an object that contains itself is too deep", () => {
  const value = [];
  value.push(value);
  assert.throws(() => encode(value), refusal("payload_too_deep"));
});

test("msgpack: depth and number of values are limited", () => {
  assert.doesNotThrow(() => parse(`${"91".repeat(15)}90`));
  assert.throws(() => parse(`${"91".repeat(16)}90`), refusal("payload_too_deep"));
  assert.doesNotThrow(() => parse("93c0c0c0", { nodes: 4 }));
  assert.throws(() => parse("93c0c0c0", { nodes: 3 }), refusal("payload_too_complex"));
});

test("msgpack: no declared size is believed", () => {
  for (const bomb of ["ddffffffff", "dfffffffff", "dcffff", "9201", "8101"]) {
    assert.throws(() => parse(bomb), refusal("payload_too_complex"), bomb);
  }
  for (const bomb of ["dbffffffff", "c6ffffffff", "c9ffffffff01", "a2c3", "d9"]) {
    assert.throws(() => parse(bomb), refusal("malformed_message"), bomb);
  }
});

test("msgpack: text that is not UTF-8 is refused", () => {
  for (const bad of ["a1ff", "a2c080", "a3eda080", "a1c3"]) {
    assert.throws(() => parse(bad), refusal("malformed_message"), bad);
  }
});

test("msgpack: decoding is total: any bytes give a value or a TroupeError", () => {
  const seed = Number(process.env.TROUPE_SEED ?? Date.now() % 1e9);
  const random = generator(seed);
  for (let round = 0; round < 20_000; ++round) {
    const bytes = Uint8Array.from({ length: random(24) }, () => random(256));
    try {
      decode(bytes);
    } catch (error) {
      const input = Buffer.from(bytes).toString("hex");
      assert.equal(error.name, "TroupeError", `seed ${seed}, input ${input}: ${error.stack}`);
    }
  }
});

/** Random integers below a bound (mulberry32), the same for the same seed. */
function generator(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}
