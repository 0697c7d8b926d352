import { bytesOf } from "./bytes.js";
import { Handlers, anyEvent } from "./events.js";

/** Where the client finds what it tells a room; not for applications. */
export const receive = Symbol("receive");

/**
 * A room this client is in. The object outlives a cut: after a reconnect the client joins again
 * and `members` and `number` are fresh.
 *
 * `on(event, (sender, ...args))` hears events that members, or the server (sender 0), publish.
 * What happens to the room itself has methods of its own, so that no event name is taken:
 * onJoined, onCame, onWent, onLeft, onRestarted.
 */
export class Room {
  #wire;
  #events;
  #changes;

  /** Made by the client only; `wire` sends for it, `failed` hears what handlers throw. */
  constructor(name, wire, failed) {
    this.#wire = wire;
    this.#events = new Handlers(failed);
    this.#changes = new Handlers(failed);
    /** The name it was joined by. */
    this.name = name;
    /** The server's number for it, which may change with every joining. */
    this.number = 0;
    /** Who is in, yourself included: id -> {id, identity}. Servers tell at most 1,000 at once. */
    this.members = new Map();
    /** How many are in. */
    this.size = 0;
    /** What joins it again after a reconnect; undefined: nothing, the server moved us. */
    this.joinArguments = undefined;
    /** Whether this client is in now: false while reconnecting and after leaving. */
    this.joined = false;
  }

  /** Hears `event`: handler(sender, ...args). Returns a function that stops it. */
  on(event, handler) {
    return this.#events.add(event, handler);
  }

  once(event, handler) {
    return this.#events.once(event, handler);
  }

  off(event, handler) {
    this.#events.remove(event, handler);
  }

  /** Hears every event: handler(event, sender, ...args). */
  onAny(handler) {
    return this.#events.add(anyEvent, handler);
  }

  /** Joined again after a reconnect: handler(room). */
  onJoined(handler) {
    return this.#changes.add("joined", handler);
  }

  /** Somebody came: handler({id, identity}). */
  onCame(handler) {
    return this.#changes.add("came", handler);
  }

  /** Somebody went: handler({id, identity}). */
  onWent(handler) {
    return this.#changes.add("went", handler);
  }

  /** We are out: handler("asked" | "removed" | "closed" | "failed" | "refused"). */
  onLeft(handler) {
    return this.#changes.add("left", handler);
  }

  /** The room lost its state and began anew: handler(how often it did so far). */
  onRestarted(handler) {
    return this.#changes.add("restarted", handler);
  }

  /** Publishes an event to the room. False when it was not sent. */
  emit(event, ...args) {
    return this.#publish(event, args);
  }

  /** Publishes bytes without any encoding; handlers get a Uint8Array. */
  emitRaw(event, bytes) {
    return this.#publish(event, bytesOf(bytes));
  }

  /** Sends so that only the newest message with this key counts: room.latest(1).emit(...). */
  latest(key = 0) {
    return this.#marked({ class: "latest", key });
  }

  /** Sends what may be dropped under pressure, or after `deadline` ms. */
  droppable({ priority = 0, deadline = 0 } = {}) {
    return this.#marked({ class: "droppable", priority, deadline });
  }

  /** Leaves; resolves when the server has confirmed it. */
  leave() {
    return this.#wire.leave(this);
  }

  /** What the client has received for this room. */
  [receive] = Object.freeze({
    event: (event, sender, args) => this.#receiveEvent(event, sender, args),
    joined: (message) => this.#receiveJoined(message),
    presence: (came, members) => this.#receivePresence(came, members),
    change: (change, value) => this.#changes.call(change, value),
  });

  #publish(event, payload, delivery) {
    if (!this.joined) return false;
    return this.#wire.publish(this, event, payload, delivery);
  }

  #marked(delivery) {
    return {
      emit: (event, ...args) => this.#publish(event, args, delivery),
      emitRaw: (event, bytes) => this.#publish(event, bytesOf(bytes), delivery),
    };
  }

  #receiveEvent(event, sender, args) {
    this.#events.call(event, sender, ...args);
    this.#events.call(anyEvent, event, sender, ...args);
  }

  #receiveJoined({ room, count, payload }) {
    this.number = room;
    this.joined = true;
    this.size = count;
    this.members.clear();
    for (const [id, identity] of payload) this.members.set(id, { id, identity });
  }

  #receivePresence(came, members) {
    for (const [id, identity] of members) {
      const known = this.members.get(id);
      if (came && known) continue;
      const member = known ?? { id, identity };
      if (came) this.members.set(id, member);
      else this.members.delete(id);
      this.size += came ? 1 : -1;
      this.#changes.call(came ? "came" : "went", member);
    }
  }
}
