import { TroupeError } from "./errors.js";
import { StateMirror } from "./state.js";

/**
 * Game rooms: seats, inputs and state that synchronises itself.
 *
 *     const client = await connect("/rooms");
 *     const arena = await joinOrCreate(client, { kind: "arena" }, "my name");
 *     arena.state.onEntered("ships", (id, ship) => scene.add(id, ship));
 *     arena.input("steer", { turn: 1, thrust: true, fire: false });
 *
 * A request is {kind, filter, sort, seats, options, metadata, private, password}; docs/rooms.md
 * says what each means. The last argument of all is what the room's on_join gets.
 */
export const joinOrCreate = (client, request, options) =>
  place(client, "rooms.join_or_create", [request], options);
export const createRoom = (client, request, options) =>
  place(client, "rooms.create", [request], options);
export const joinMatching = (client, request, options) =>
  place(client, "rooms.join_matching", [request], options);
export const joinById = (client, id, options, password = "") =>
  place(client, "rooms.join", [id, password], options);

/** Takes a seat that somebody else has reserved: {room, tokens: [token]}. */
export async function takeSeat(client, { room, tokens }, options = null) {
  const game = new GameRoom(await client.join(room, tokens[0], options));
  await game.ready;
  return game;
}

async function place(client, call, args, options) {
  return takeSeat(client, await client.ask(call, ...args), options);
}

/**
 * Waits for a match: {kind, rating, size}. Resolves to {room, tokens, team, teams}: one token for each
 * of the group, the first for `takeSeat`. An AbortSignal gives up.
 */
export async function match(client, wish, { signal } = {}) {
  signal?.throwIfAborted();
  const stops = [];
  const made = new Promise((resolve, reject) => {
    const enter = () => client.ask("rooms.match", wish).catch(unlessLost(reject));
    const abort = () => {
      client.emit("rooms.match_cancel");
      reject(signal.reason);
    };
    signal?.addEventListener("abort", abort);
    stops.push(
      () => signal?.removeEventListener("abort", abort),
      client.on("rooms.matched", resolve),
      client.onOpen(enter), // a new connection has no place in the queue
      client.onClose(() => reject(new TroupeError("closed", "The connection has ended."))),
    );
    enter();
  });
  return made.finally(() => stops.forEach((stop) => stop()));
}

/** Another connection may come, or `onClose`. */
const unlessLost = (reject) => (error) => {
  if (error.code !== "connection_lost") reject(error);
};

/** Rooms that can be joined, and their changes: handler({present, gone}), first with all. */
export async function watchRooms(client, request, handler) {
  const stop = client.on("rooms.changed", handler);
  handler(await client.ask("rooms.watch", request));
  return () => {
    stop();
    client.emit("rooms.unwatch");
  };
}

/** One game room that this client plays in. */
export class GameRoom {
  #room;
  #sequence = 0;
  #patched = [];
  #stops;

  constructor(room) {
    this.#room = room;
    /** Our number in the room, from 1. */
    this.playerId = 0;
    /** Resolves when it and the state's schema are known. */
    this.ready = new Promise((resolve) => {
      this.#stops = [
        room.on("room.you", (sender, id) => (this.playerId = id)),
        room.on("state.schema", (sender, bytes) => resolve(this.#begin(bytes))),
        room.on("state.patch", (sender, bytes) => this.#apply(bytes)),
      ];
    });
    room.emit("state.begin");
  }

  get id() {
    return this.#room.name;
  }

  /** The room beneath it: events by `on`, `onLeft`, `leave`. */
  get room() {
    return this.#room;
  }

  /** Hears an event of the room: handler(...args). Returns a function that stops it. */
  on(event, handler) {
    return this.#room.on(event, (sender, ...args) => handler(...args));
  }

  /** Sends an input, for the next tick or a later one. Gives its sequence, 0 if it was not sent. */
  input(name, value, tick = 0) {
    return this.#room.emit(name, value, ++this.#sequence, tick) ? this.#sequence : 0;
  }

  /** Calls handler(tick) after every patch. */
  onPatch(handler) {
    this.#patched.push(handler);
  }

  leave() {
    for (const stop of this.#stops) stop();
    return this.#room.leave();
  }

  #begin(bytes) {
    /** The state as it is known: a StateMirror; undefined if the room shows none. */
    this.state = bytes.length > 0 ? new StateMirror(bytes) : undefined;
  }

  #apply(bytes) {
    const outcome = this.state?.apply(bytes);
    this.#room.emit("state.confirm", outcome === "out of step" ? 0 : this.state?.tick ?? 0);
    if (outcome !== "applied") return;
    for (const handler of this.#patched) handler(this.state.tick);
  }
}

/**
 * Shows entities of one map between the patches, a little in the past, so that they move smoothly
 * although patches come in steps and with jitter.
 *
 *     const ships = new Interpolation(arena, "ships", { fields: ["x", "y"], turns: ["heading"] });
 *     for (const [id, ship] of ships.at(performance.now())) draw(ship);
 *
 * @param options.fields    numbers to interpolate
 * @param options.turns     the same for angles in radians, the short way round
 * @param options.wraps     {field: size}: numbers that start over at this size
 * @param options.tickRate  of the room, per second
 * @param options.delay     ms in the past; a patch that is later than that is seen as a jump
 */
export class Interpolation {
  #map;
  #samples = new Map();
  #state;
  #options;
  #offset = Infinity;

  constructor(game, map, { fields = [], turns = [], wraps = {}, tickRate = 30, delay = 120 } = {}) {
    this.#state = game.state;
    this.#map = map;
    const periods = new Map(fields.map((field) => [field, wraps[field] ?? Infinity]));
    for (const field of turns) periods.set(field, 2 * Math.PI);
    this.#options = { periods, msPerTick: 1000 / tickRate, delay };
    game.onPatch((tick) => this.#take(tick, performance.now()));
    game.state.onLeft(map, (id) => this.#samples.delete(id));
  }

  /** The entities as they are shown at `now`: [id, entity with interpolated fields]. */
  *at(now) {
    const when = now - this.#offset - this.#options.delay;
    for (const [id, entity] of this.#state.state[this.#map]) {
      const samples = this.#samples.get(id);
      if (samples) yield [id, { ...entity, ...this.#between(samples, when) }];
    }
  }

  #take(tick, now) {
    const time = tick * this.#options.msPerTick;
    // The patch that was fastest on its way tells best when ticks happen; clocks may drift.
    this.#offset = Math.min(this.#offset + 0.1, now - time);
    for (const [id, entity] of this.#state.state[this.#map]) {
      const values = [...this.#options.periods.keys()].map((field) => entity[field]);
      const samples = this.#samples.get(id) ?? [];
      samples.push({ time, values });
      if (samples.length > 12) samples.shift();
      this.#samples.set(id, samples);
    }
  }

  #between(samples, when) {
    let later = samples.findIndex(({ time }) => time > when);
    if (later < 0) later = samples.length - 1;
    const to = samples[later];
    const from = samples[Math.max(later - 1, 0)];
    const part = from === to ? 1 : Math.min(Math.max((when - from.time) / (to.time - from.time), 0), 1);
    const shown = {};
    let index = 0;
    for (const [field, period] of this.#options.periods) {
      const start = from.values[index];
      shown[field] = wrap(start + part * shortest(to.values[index] - start, period), period);
      ++index;
    }
    return shown;
  }
}

function shortest(distance, period) {
  if (period === Infinity) return distance;
  return distance - period * Math.round(distance / period);
}

function wrap(value, period) {
  return period === Infinity ? value : ((value % period) + period) % period;
}
