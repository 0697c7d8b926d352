import { bytesOf } from "./bytes.js";
import { anyEvent } from "./events.js";

/**
 * One connection to a Troupe server, which `connect` makes.
 *
 * Events have the names an application gives them: `on`, `once`, `off`, `onAny`, `emit`. What
 * happens to the connection has methods of its own, so that no event name is taken: onOpen,
 * onResume, onReconnecting, onClose, onError, onJoin. Each returns a function that stops the hearing.
 *
 * After a cut the client reconnects by itself. Where the server keeps sessions it goes on as if
 * nothing had happened: what is emitted and asked meanwhile waits, ordered messages of both sides
 * arrive once and in order, and onResume tells. Otherwise, or when the server cannot go on: asks
 * that wait are rejected with connection_lost, what was emitted meanwhile is not sent (without a
 * session emit returns false), rooms are joined again, `id` is a new one, and onOpen tells.
 */
export class Client {
  #session;

  /** Made by `connect`. */
  constructor(session) {
    this.#session = session;
  }

  // -- the connection -----------------------------------------------------------------------------

  /** The server's number for this connection, never reused. */
  get id() {
    return this.#session.id;
  }

  /** "connecting", "open", "reconnecting" or "closed". */
  get state() {
    return this.#session.state;
  }

  /** The server's limits, as its hello told them: message_bytes, messages_per_s, ... */
  get limits() {
    return this.#session.limits;
  }

  /** The rooms this client is in, by name. */
  get rooms() {
    return this.#session.rooms;
  }

  /** The latest round-trip time in ms, smoothed; undefined before it was measured. */
  get rtt() {
    return this.#session.clock.rtt;
  }

  /** The server's clock: ms since 1970, with a fraction. */
  serverTime() {
    return this.#session.clock.now();
  }

  /**
   * Ends the connection for good; what was asked is rejected with "closed". With `comingBack` the
   * server takes it for a cut: rooms keep the seats for whoever comes with a `GameRoom.seat`.
   */
  close({ comingBack = false } = {}) {
    this.#session.close(comingBack);
  }

  /** The connection goes on after a cut, and nothing was lost: handler(). */
  onResume(handler) {
    return this.#session.changes.add("resume", handler);
  }

  /** Connected again: handler({resync}), which is true when a session was lost. */
  onOpen(handler) {
    return this.#session.changes.add("open", handler);
  }

  /** Cut, and trying again: handler({attempt, delay, code, reason}), once per attempt. */
  onReconnecting(handler) {
    return this.#session.changes.add("reconnecting", handler);
  }

  /** Ended for good: handler({code, reason}). */
  onClose(handler) {
    return this.#session.changes.add("close", handler);
  }

  /** Something went wrong that no call waits for: handler(error). The connection goes on. */
  onError(handler) {
    return this.#session.changes.add("error", handler);
  }

  /** The server moved us into a room: handler(room). */
  onJoin(handler) {
    return this.#session.changes.add("join", handler);
  }

  // -- events and asks ----------------------------------------------------------------------------

  /** Hears `event`: handler(...args). Returns a function that stops it. */
  on(event, handler) {
    return this.#session.events.add(event, handler);
  }

  once(event, handler) {
    return this.#session.events.once(event, handler);
  }

  off(event, handler) {
    this.#session.events.remove(event, handler);
  }

  /** Hears every event: handler(event, ...args). */
  onAny(handler) {
    return this.#session.events.add(anyEvent, handler);
  }

  /** Sends an event to the server. False when it was not sent. */
  emit(event, ...args) {
    return this.#session.emit(event, args);
  }

  /** Sends bytes without any encoding. */
  emitRaw(event, bytes) {
    return this.#session.emit(event, bytesOf(bytes));
  }

  /** Sends so that only the newest message with this key counts: client.latest(1).emit(...). */
  latest(key = 0) {
    return this.#marked({ class: "latest", key });
  }

  /** Sends what may be dropped under pressure, or after `deadline` ms. */
  droppable({ priority = 0, deadline = 0 } = {}) {
    return this.#marked({ class: "droppable", priority, deadline });
  }

  /** Asks the server: a promise of the answer, which is an array when it has several values. */
  async ask(event, ...args) {
    return this.#session.ask(undefined, event, args);
  }

  /** Asks with a time limit of its own, in ms: client.within(500).ask("sum", 1, 2). */
  within(timeout) {
    return { ask: async (event, ...args) => this.#session.ask(timeout, event, args) };
  }

  /**
   * Answers what the server asks: what `handler(...args)` returns, or promises, is the answer.
   * A TroupeError that it throws keeps its code; any other error arrives as handler_failed.
   */
  answer(event, handler) {
    this.#session.answers.set(event, handler);
    return () => this.#session.answers.delete(event);
  }

  // -- rooms --------------------------------------------------------------------------------------

  /** Joins a room; the arguments are for the server. Joining twice gives the same Room. */
  async join(name, ...args) {
    return this.#session.join(name, args);
  }

  #marked(delivery) {
    return {
      emit: (event, ...args) => this.#session.emit(event, args, delivery),
      emitRaw: (event, bytes) => this.#session.emit(event, bytesOf(bytes), delivery),
    };
  }
}
