import { Handlers } from "./events.js";
import { applyRecord, othersThan, readHead, readRoot, valueAt } from "./patch.js";
import { blank, decodeSchema, fingerprint } from "./schema.js";

/**
 * A copy of a room's state, kept up to date by the snapshots and patches that the server sends.
 *
 * `state` is a plain object with the fields of the C++ structure: numbers, strings, booleans, names
 * of enums, arrays, objects, and a Map by id for each map of entities, in no particular order.
 * Integers beyond 2^53 are BigInts. Entities keep their identity while they are known. Change
 * nothing in it.
 *
 *     const mirror = new StateMirror(schemaBytes);
 *     mirror.onEntered("ships", (id, ship) => scene.add(id, ship));
 *     mirror.onChanged("ships", (id, ship, fields) => scene.move(id, ship));
 *     mirror.onLeft("ships", (id, ship, isDestroyed) => scene.remove(id, isDestroyed));
 *     mirror.onValue("round", (round) => show(round));
 *     mirror.apply(bytes);
 *
 * Handlers run inside `apply`. Those for entities that left run first, while the state is still the
 * old one; all others when the whole patch is applied.
 */
export class StateMirror {
  #records;
  #state;
  #tick = 0;
  #handlers;

  /** `failed(error)` hears what a handler threw; without it the error is thrown again, later. */
  constructor(schemaBytes, { failed = rethrow } = {}) {
    this.#records = decodeSchema(schemaBytes);
    this.#state = blank({ kind: "record", record: 0 }, this.#records);
    this.#handlers = new Handlers(failed);
    this.fingerprint = fingerprint(schemaBytes);
  }

  get state() {
    return this.#state;
  }

  /** The tick of the state, to be told to the server; 0 before the first snapshot. */
  get tick() {
    return this.#tick;
  }

  /**
   * Takes the bytes of one snapshot or patch. Gives "applied"; "stale" when the state is already as
   * new; or "out of step" when the patch starts from a state that was never seen, so that a
   * snapshot is needed. Throws a TroupeError, and changes nothing, when the bytes do not fit.
   */
  apply(bytes) {
    const head = readHead(bytes);
    if (head.from > this.#tick) return "out of step";
    if (head.from > 0 && head.to <= this.#tick) return "stale";
    if (head.isExact && head.from !== this.#tick) return "out of step";
    const told = readRoot(head, this.#records, this.#state);
    const changes = told.leaves.flatMap(([leaf, news]) => this.#changes(leaf, news));
    for (const change of changes) if (change.kind === "left") this.#tell(change);
    applyRecord(told, this.#state, this.#records);
    this.#tick = head.to;
    for (const change of changes) if (change.kind !== "left") this.#tell(change);
    return "applied";
  }

  /** Calls handler(value) when a field that is no map changes; "a.b" for nested ones. */
  onValue(field, handler) {
    return this.#add("value", field, (value) => value !== "map", handler);
  }

  /** Calls handler(id, entity) when an entity comes into the map. */
  onEntered(map, handler) {
    return this.#add("entered", map, (value) => value === "map", handler);
  }

  /** Calls handler(id, entity, fields) when an entity changes; `fields` names what did. */
  onChanged(map, handler) {
    return this.#add("changed", map, (value) => value === "map", handler);
  }

  /** Calls handler(id, entity, isDestroyed) when an entity is gone, or only out of view. */
  onLeft(map, handler) {
    return this.#add("left", map, (value) => value === "map", handler);
  }

  /** Calls handler(kind, path, id, isDestroyed) for every change, behind the handlers above. */
  onAny(handler) {
    return this.#handlers.add("any", handler);
  }

  /** The state as plain JSON values: Maps become objects, BigInts strings. */
  toJSON() {
    return plain(this.#state);
  }

  #add(kind, path, fits, handler) {
    const leaf = this.#records[0].leaves.find((each) => each.path.join(".") === path);
    if (!leaf || !fits(leaf.type.kind)) throw new TypeError(`The state has no such field: ${path}`);
    return this.#handlers.add(`${kind} ${path}`, handler);
  }

  #changes({ path, type }, news) {
    const name = path.join(".");
    if (type.kind !== "map") return [{ kind: "value", name, path }];
    const map = valueAt(this.#state, path);
    const left = news.isReplaced
      ? othersThan(news.entities, map).sort((a, b) => a - b).map((id) => [id, false])
      : news.removed.filter(([id]) => map.has(id));
    return [
      ...left.map(([id, isDestroyed]) => ({ kind: "left", name, path, id, isDestroyed })),
      ...news.entities.map(([id, { leaves }]) =>
        ({ kind: map.has(id) ? "changed" : "entered", name, path, id, leaves })),
    ];
  }

  #tell({ kind, name, path, id, isDestroyed, leaves }) {
    const value = valueAt(this.#state, path);
    const details =
      kind === "value" ? [value] : [id, value.get(id), detail[kind]({ isDestroyed, leaves })];
    this.#handlers.call(`${kind} ${name}`, ...details);
    this.#handlers.call("any", kind, name, id, isDestroyed);
  }
}

/** The third argument of a handler for entities. */
const detail = {
  entered: () => undefined,
  changed: ({ leaves }) => [...new Set(leaves.map(([leaf]) => leaf.path[0]))],
  left: ({ isDestroyed }) => isDestroyed,
};

function rethrow(error) {
  queueMicrotask(() => {
    throw error;
  });
}

function plain(value) {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each)]));
}
