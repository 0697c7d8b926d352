/** Ids and tokens differ from run to run: what a recording calls them, and what they are now. */
import assert from "node:assert/strict";

export class Unknowns {
  #pattern;
  #known = new Map();

  /** `pattern` finds them in recorded texts; it must be global. */
  constructor(pattern) {
    this.#pattern = pattern;
  }

  /** A recorded text with the names of this run, as far as they are known. */
  translate(text) {
    return text.replace(this.#pattern, (name) => this.#known.get(name) ?? name);
  }

  /** Demands that `actual` is `recorded`, and learns the names that appear for the first time. */
  match(recorded, actual) {
    const names = recorded.match(this.#pattern) ?? [];
    const [first, ...others] = recorded.split(this.#pattern).map(escaped);
    const shape = names.map((name, index) => this.#shape(name) + others[index]).join("");
    const found = new RegExp(`^${first}${shape}$`, "s").exec(actual);
    assert.ok(found, `expected ${JSON.stringify(recorded)}, got ${JSON.stringify(actual)}`);
    const fresh = names.filter((name) => !this.#known.has(name));
    fresh.forEach((name, index) => this.#known.set(name, found[index + 1]));
  }

  /** No token of a server may look like a client's: `$` and `#` are theirs (C08). */
  #shape(name) {
    return this.#known.has(name) ? escaped(this.#known.get(name)) : "([^;$#][^;]*)";
  }
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
