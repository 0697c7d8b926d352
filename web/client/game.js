import { TroupeError } from "./errors.js";
import { TickClock } from "./motion.js";
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

/** Takes a seat that somebody else has reserved, {room, tokens: [token]}, or a `GameRoom.seat`. */
export async function takeSeat(client, { room, tokens }, options = null) {
  const game = new GameRoom(client, await client.join(room, tokens[0], options));
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

/** Up to 100 public rooms that fit: [{id, kind, players, max_players, locked, password, metadata}]. */
export const findRooms = (client, request) => client.ask("rooms.find", request);

/**
 * Rooms that can be joined, and their changes: handler({present, gone}), first with all. Ends with
 * the session: after an onOpen with resync watch again.
 */
export async function watchRooms(client, request, handler) {
  const stop = client.on("rooms.changed", handler);
  handler(await client.ask("rooms.watch", request));
  return () => {
    stop();
    client.emit("rooms.unwatch");
  };
}

/**
 * One game room that this client plays in.
 *
 * It outlives cuts of the connection: inputs wait, patches go on. Where the session is lost the
 * client takes its seat again, if the room still keeps it, and the state comes anew; inputs that
 * were under way may be lost then. `room.onLeft` tells when the seat is lost.
 */
export class GameRoom {
  #room;
  #client;
  #clock;
  #sequence = 0;
  #ticket = "";
  #patched = [];
  #stops;

  /** Made by the functions above. */
  constructor(client, room) {
    this.#client = client;
    this.#room = room;
    /** Our number in the room, from 1. */
    this.playerId = 0;
    /** How fast the room ticks. */
    this.ticksPerSecond = 0;
    /** Resolves when they and the state's schema are known; rejects when we are out before. */
    this.ready = new Promise((resolve, reject) => {
      this.#stops = [
        room.on("room.you", (sender, ...about) => this.#welcome(...about)),
        room.on("state.schema", (sender, bytes) => resolve(this.#begin(bytes))),
        room.on("state.patch", (sender, bytes) => this.#apply(bytes)),
        room.onJoined(() => room.emit("state.begin")),
        room.onLeft((reason) => reject(new TroupeError("connection_lost", `Out: ${reason}.`))),
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

  /**
   * What `takeSeat` comes back with as the same player, once, from any other connection: keep it in
   * the page's sessionStorage to survive that the page is loaded again. The newest connection
   * counts. Undefined where the room waits for nobody.
   */
  get seat() {
    return this.#ticket ? { room: this.id, tokens: [this.#ticket] } : undefined;
  }

  /** Hears an event of the room: handler(...args). Returns a function that stops it. */
  on(event, handler) {
    return this.#room.on(event, (sender, ...args) => handler(...args));
  }

  /** Sends an input, for the next tick or a later one. Gives its sequence, 0 if it was not sent. */
  input(name, value, tick = 0) {
    if (!this.#room.emit(name, value, this.#sequence + 1, tick)) return 0;
    return ++this.#sequence;
  }

  /** Hears of inputs that the room did not take: handler(sequence, why). */
  onRefused(handler) {
    return this.on("input.refused", handler);
  }

  /** Calls handler(tick) after every patch. */
  onPatch(handler) {
    this.#patched.push(handler);
  }

  /** The tick whose state comes at `now` if it is as fast as the fastest; with its fraction. */
  tickAt(now = performance.now()) {
    return this.#clock.at(now);
  }

  /** The tick that the room itself is in, right to half of the client's `rtt`. */
  serverTick(now = performance.now()) {
    return this.tickAt(now + (this.#client.rtt ?? 0) / 2);
  }

  /** The tick before which the room has what is sent at `now`, most likely. */
  arrivalTick(now = performance.now()) {
    return this.tickAt(now + (this.#client.rtt ?? 0)) + 1;
  }

  leave() {
    for (const stop of this.#stops) stop();
    return this.#room.leave();
  }

  #welcome(id, ticksPerSecond, ticket = "", lastInput = 0) {
    this.playerId = id;
    this.#ticket = ticket;
    if (ticket) this.#room.joinArguments = [ticket];
    this.#sequence = Math.max(this.#sequence, lastInput);
    this.ticksPerSecond = ticksPerSecond;
    this.#clock = new TickClock(ticksPerSecond);
  }

  #begin(bytes) {
    /** The state as it is known: a StateMirror; undefined if the room shows none. */
    this.state ??= bytes.length > 0 ? new StateMirror(bytes) : undefined;
  }

  /** What does not fit is sent again as a snapshot. */
  #apply(bytes) {
    let outcome;
    try {
      outcome = this.state?.apply(bytes);
    } finally {
      const fits = outcome === "applied" || outcome === "stale";
      this.#room.emit("state.confirm", fits ? this.state.tick : 0);
    }
    if (outcome !== "applied") return;
    this.#clock.arrived(this.state.tick, performance.now());
    for (const handler of this.#patched) handler(this.state.tick);
  }
}
