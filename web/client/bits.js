import { safe } from "./bytes.js";
import { TroupeError } from "./errors.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What is thrown at bytes that fit no schema or no state. */
export function misfit(message) {
  return new TroupeError("malformed_message", message);
}

/** Reads numbers of any width, least significant bit first, and refuses to read past the end. */
export class BitReader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get bitsLeft() {
    return this.#bytes.length * 8 - this.#at;
  }

  /** The next `count` bits, at most 32 of them, as a number. */
  take(count) {
    if (this.bitsLeft < count) throw misfit("The bytes end in the middle of a value.");
    let value = 0;
    for (let done = 0; done < count;) {
      const within = this.#at % 8;
      const now = Math.min(8 - within, count - done);
      const part = (this.#bytes[(this.#at - within) / 8] >> within) & ((1 << now) - 1);
      value += part * 2 ** done;
      done += now;
      this.#at += now;
    }
    return value;
  }

  /** An unsigned LEB128 in its shortest form: a number when safe, else a BigInt. */
  varint() {
    let value = 0;
    for (let index = 0; index < 7; ++index) {
      const byte = this.take(8);
      value += (byte & 0x7f) * 0x80 ** index;
      if (byte < 0x80) return checkShortest(byte, index, value);
    }
    return this.#longVarint(BigInt(value));
  }

  #longVarint(low) {
    let value = low;
    for (let index = 7; index < 10; ++index) {
      const byte = this.take(8);
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (index === 9 && byte > 1) break;
      if (byte < 0x80) return safe(checkShortest(byte, index, value));
    }
    throw misfit("A number does not fit 64 bits.");
  }

  /** A varint that counts things, of which each takes at least one bit. */
  count() {
    const value = this.varint();
    if (value > this.bitsLeft) throw misfit("There are fewer bytes than they announce.");
    return value;
  }

  /** Skips the rest of the present byte, which must be zeros. */
  align() {
    if (this.take((8 - (this.#at % 8)) % 8) !== 0) throw misfit("A byte is not filled with zeros.");
  }

  /** UTF-8 after its length. */
  text() {
    const size = this.varint();
    if (size * 8 > this.bitsLeft || typeof size === "bigint") throw misfit("A text is cut short.");
    const start = this.#at / 8;
    this.#at += size * 8;
    try {
      return decoder.decode(this.#bytes.subarray(start, start + size));
    } catch {
      throw misfit("A text is not UTF-8.");
    }
  }
}

function checkShortest(last, index, value) {
  if (last === 0 && index > 0) throw misfit("A number is not in its shortest form.");
  return value;
}
