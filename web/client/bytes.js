import { TroupeError } from "./errors.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const largestVarint = (1n << 64n) - 1n;

/** The most bytes a varint takes, and how many of them a number holds without loss. */
const varintBytes = 10;
const exactBytes = 7;

/** Appends bytes to a buffer that grows. One writer makes one message. */
export class Writer {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /** The message so far, as a copy that nobody else holds. */
  finish() {
    return this.#bytes.slice(0, this.#size);
  }

  byte(value) {
    this.#grow(1);
    this.#bytes[this.#size++] = value;
  }

  bytes(values) {
    this.#grow(values.length);
    this.#bytes.set(values, this.#size);
    this.#size += values.length;
  }

  /** Writes a fixed-width number with one of DataView's setters, for example "setFloat64". */
  number(setter, width, value) {
    this.#grow(width);
    this.#view[setter](this.#size, value);
    this.#size += width;
  }

  /** Writes an unsigned LEB128; accepts safe integers and BigInts up to 64 bits. */
  varint(value) {
    if (typeof value === "bigint") return this.#bigVarint(value);
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a varint`);
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Writes UTF-8 after its length, which `writeLength` puts before it in its own way. */
  text(value, writeLength) {
    const utf8 = encoder.encode(value);
    writeLength(utf8.length);
    this.bytes(utf8);
  }

  #bigVarint(value) {
    if (value < 0n || value > largestVarint) throw new RangeError(`${value} is not a varint`);
    let rest = value;
    while (rest > 0x7fn) {
      this.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.byte(Number(rest));
  }

  #grow(count) {
    if (this.#size + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#size + count, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** Reads bytes front to back and refuses, with malformed_message, to read past the end. */
export class Reader {
  #bytes;
  #view;
  #at = 0;

  constructor(bytes) {
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes are left. */
  get left() {
    return this.#bytes.length - this.#at;
  }

  byte() {
    this.#need(1);
    return this.#bytes[this.#at++];
  }

  /** The next `count` bytes as a copy with a buffer of its own. */
  bytes(count) {
    this.#need(count);
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }

  /** Reads a fixed-width number with one of DataView's getters, for example "getFloat64". */
  number(getter, width) {
    this.#need(width);
    this.#at += width;
    return this.#view[getter](this.#at - width);
  }

  /** An unsigned LEB128 in its shortest form: a number when safe, else a BigInt. */
  varint() {
    let value = 0;
    for (let index = 0; index < exactBytes; ++index) {
      const byte = this.byte();
      value += (byte & 0x7f) * 0x80 ** index;
      if (byte < 0x80) return shortest(byte, index, value);
    }
    return this.#longVarint(BigInt(value));
  }

  text(count) {
    this.#need(count);
    const utf8 = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    try {
      return decoder.decode(utf8);
    } catch {
      throw new TroupeError("malformed_message", "The message holds text that is not UTF-8.");
    }
  }

  #longVarint(low) {
    let value = low;
    for (let index = exactBytes; index < varintBytes; ++index) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return safe(shortest(byte, index, value));
    }
    throw new TroupeError("malformed_message", "A number is longer than 10 bytes.");
  }

  #need(count) {
    if (count > this.left) {
      throw new TroupeError("malformed_message", "The message ends in the middle of a value.");
    }
  }
}

function shortest(last, index, value) {
  if (last === 0 && index > 0) {
    throw new TroupeError("malformed_message", "A number is not in its shortest form.");
  }
  if (value > largestVarint) {
    throw new TroupeError("malformed_message", "A number does not fit 64 bits.");
  }
  return value;
}

/** `value` as a number when a number can hold it exactly. */
export function safe(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The memory of a buffer or of any view as bytes; throws a TypeError for anything else. */
export function bytesOf(memory) {
  if (memory instanceof Uint8Array) return memory;
  if (memory instanceof ArrayBuffer) return new Uint8Array(memory);
  if (!ArrayBuffer.isView(memory)) throw new TypeError("Bytes are a Uint8Array or an ArrayBuffer.");
  return new Uint8Array(memory.buffer, memory.byteOffset, memory.byteLength);
}
