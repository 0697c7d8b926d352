/**
 * Patches of a state (docs/state-format.md), in two steps: `readPatch` judges the bytes against the
 * state as it is and tells what they would do; `applyRecord` does it and cannot fail.
 */
import { BitReader, misfit } from "./bits.js";
import { blank } from "./schema.js";

const maxDepth = 32;
const groupSize = 8;
const greatestId = Number.MAX_SAFE_INTEGER;

/** What is in front of a patch: {from, to, isExact, reader}; `from` is 0 in a snapshot. */
export function readHead(bytes) {
  const reader = new BitReader(bytes);
  const mark = reader.varint();
  const to = reader.varint();
  if (![1, 2, 3].includes(mark) || to === 0 || typeof to === "bigint") {
    throw misfit("This is no snapshot and no patch.");
  }
  if (mark === 1) return { from: 0, to, isExact: false, reader };
  const age = reader.varint();
  if (age === 0 || age >= to) throw misfit("This is no snapshot and no patch.");
  return { from: to - age, to, isExact: mark === 3, reader };
}

/** Reads the root record to the end of the bytes. */
export function readRoot({ reader, isExact }, records, state) {
  const told = new PatchReader(reader, isExact, records).record(0, state);
  if (reader.bitsLeft > 0) throw misfit("There are bytes behind the end of the patch.");
  return told;
}

class PatchReader {
  #reader;
  #isExact;
  #records;
  #depth = 0;

  /** `isExact`: whether numbers may be differences from those that are known. */
  constructor(reader, isExact, records) {
    this.#reader = reader;
    this.#isExact = isExact;
    this.#records = records;
  }

  /**
   * What a record is told: {isFull, leaves: [[leaf, news], ...]}. `old` is the record that is known
   * and stays where the patch is silent; undefined for what is new.
   */
  record(index, old) {
    if (this.#depth === maxDepth) throw misfit("Records are nested too deeply.");
    this.#depth += 1;
    const { leaves, numbers } = this.#records[index];
    const isFull = this.#reader.take(1) === 1;
    if (!isFull && old === undefined) throw misfit("The patch changes what is not there.");
    const has = isFull ? leaves.map(() => true) : this.#mask(leaves.length);
    const told = [];
    for (let i = 0; i < numbers; ++i) {
      if (has[i]) told.push([leaves[i], this.#number(leaves[i], isFull ? undefined : old)]);
    }
    this.#reader.align();
    for (let i = numbers; i < leaves.length; ++i) {
      if (has[i]) told.push([leaves[i], this.#branch(leaves[i], isFull ? undefined : old)]);
    }
    this.#depth -= 1;
    return { isFull, leaves: told };
  }

  #number({ path, type }, old) {
    const isNear =
      this.#isExact && old !== undefined && type.readNear && this.#reader.take(1) === 1;
    return isNear ? type.readNear(this.#reader, valueAt(old, path)) : type.read(this.#reader);
  }

  #mask(size) {
    const bits = (count) => Array.from({ length: count }, () => this.#reader.take(1) === 1);
    if (size <= groupSize) return bits(size);
    const groups = bits(Math.ceil(size / groupSize));
    return groups.flatMap((has, index) => {
      const count = Math.min(groupSize, size - index * groupSize);
      return has ? bits(count) : new Array(count).fill(false);
    });
  }

  #branch({ path, type }, record) {
    return this.#value(type, record === undefined ? undefined : valueAt(record, path));
  }

  #value(type, old) {
    switch (type.kind) {
      case "text": return this.#reader.text();
      case "list": return this.#list(type, old);
      case "map": return this.#map(type, old);
      case "record": return this.record(type.record, old);
      default: return type.read(this.#reader);
    }
  }

  /** {size, elements: [[position, news], ...]} */
  #list({ element }, old) {
    const size = this.#reader.varint();
    const count = this.#reader.count();
    const known = old?.length ?? 0;
    if (count > size || size > known + count) throw misfit("A list is cut short.");
    const positions = this.#positions(count, size);
    if (size > known && positions.filter((at) => at >= known).length !== size - known) {
      throw misfit("A list grows by elements that are not there.");
    }
    const elements = positions.map((at) => [at, this.#value(element, old?.[at])]);
    if (element.read) this.#reader.align();
    return { size, elements };
  }

  #positions(count, size) {
    const positions = [];
    let next = 0;
    for (let i = 0; i < count; ++i) {
      const gap = count === size ? 0 : this.#reader.varint();
      if (gap >= size - next) throw misfit("A list has an element behind its end.");
      positions.push(next + gap);
      next += gap + 1;
    }
    return positions;
  }

  /** {isReplaced, removed: [[id, isDestroyed], ...], entities: [[id, news], ...]} */
  #map({ record }, old) {
    const removed = [];
    let next = 0;
    for (let left = this.#reader.count(); left > 0; --left) {
      const mark = this.#reader.varint();
      const isDestroyed = typeof mark === "bigint" ? (mark & 1n) === 1n : mark % 2 === 1;
      const gap = typeof mark === "bigint" ? Number(mark >> 1n) : Math.floor(mark / 2);
      removed.push([step(next, gap), isDestroyed]);
      next += gap + 1;
    }
    const entities = [];
    next = 0;
    for (let left = this.#reader.count(); left > 0; --left) {
      const id = step(next, this.#reader.varint());
      entities.push([id, this.record(record, old?.get(id))]);
      next = id + 1;
    }
    return { isReplaced: old === undefined, removed, entities };
  }
}

function step(next, gap) {
  if (next > greatestId || gap > greatestId - next) throw misfit("An id is too large.");
  return next + gap;
}

// -- what a patch does ----------------------------------------------------------------------------

export function valueAt(record, path) {
  return path.reduce((value, name) => value[name], record);
}

/** Puts what a record is told into `record`, which may be a blank one. */
export function applyRecord(told, record, records) {
  for (const [{ path, type }, news] of told.leaves) {
    const holder = valueAt(record, path.slice(0, -1));
    const name = path.at(-1);
    holder[name] = applied(type, news, holder[name], records);
  }
  return record;
}

/** The value after the news; lists and maps stay the objects they are. */
function applied(type, news, value, records) {
  if (type.kind === "list") return applyList(type.element, news, value ?? [], records);
  if (type.kind === "map") return applyMap(type, news, value, records);
  if (type.kind !== "record") return news;
  return applyRecord(news, value ?? blank(type, records), records);
}

function applyList(element, { size, elements }, list, records) {
  list.length = Math.min(list.length, size);
  for (const [at, news] of elements) list[at] = applied(element, news, list[at], records);
  return list;
}

function applyMap(type, { isReplaced, removed, entities }, map, records) {
  const blankType = { kind: "record", record: type.record };
  for (const [id] of removed) map.delete(id);
  if (isReplaced) for (const id of othersThan(entities, map)) map.delete(id);
  for (const [id, news] of entities) {
    map.set(id, applyRecord(news, map.get(id) ?? blank(blankType, records), records));
  }
  return map;
}

/** The ids in a map that a replacement does not name. */
export function othersThan(entities, map) {
  const named = new Set(entities.map(([id]) => id));
  return [...map.keys()].filter((id) => !named.has(id));
}
