/** A clock that tests turn by hand, and sockets that they answer by hand: no wait, no network. */
import { decode, encode } from "../client/codec.js";

export class ManualTimers {
  #now = 0;
  #lastId = 0;
  #waiting = new Map();
  /** What random() gives next. */
  chance = 0.5;

  setTimeout = (callback, delay) => {
    const id = ++this.#lastId;
    this.#waiting.set(id, { callback, at: this.#now + delay });
    return id;
  };

  clearTimeout = (id) => {
    this.#waiting.delete(id);
  };

  now = () => this.#now;
  random = () => this.chance;

  /** How many callbacks wait. */
  get waiting() {
    return this.#waiting.size;
  }

  /** Lets `delay` ms pass, and everything happen that is due, in order. */
  advance(delay) {
    const end = this.#now + delay;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#waiting.delete(due.id);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }

  #next(end) {
    const all = [...this.#waiting].map(([id, one]) => ({ id, ...one }));
    return all.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}

/** A WebSocket class of its own for one test, which remembers its sockets: `sockets.last`. */
export function fakeSockets() {
  return class FakeSocket {
    static all = [];

    static get last() {
      return this.all.at(-1);
    }

    readyState = 0;
    bufferedAmount = 0;
    protocol = "";
    /** What the client sent, decoded. */
    sent = [];

    constructor(url, protocols) {
      this.url = url;
      this.protocols = protocols;
      this.constructor.all.push(this);
    }

    send(bytes) {
      this.sent.push(decode(bytes, "client"));
    }

    close(code, reason) {
      this.readyState = 3;
      this.closed = { code, reason };
    }

    // -- for the test ---------------------------------------------------------------------------

    /** Accepts the connection and says hello. */
    accept({
      id = 1, names = [], limits = {}, version = 1, protocol = "troupe.v1", extra = {},
    } = {}) {
      this.readyState = 1;
      this.protocol = protocol;
      this.onopen?.();
      this.give({ op: "hello", version, id, time: 1_000_000, payload: [names, limits, extra] });
    }

    /** Delivers a message of the server. */
    give(message) {
      this.giveRaw(encode(message, "server").buffer);
    }

    giveRaw(data) {
      this.onmessage?.({ data });
    }

    /** Ends the connection as the server, or with 1006 the network, does. */
    end(code = 1006, reason = "") {
      this.readyState = 3;
      this.onclose?.({ code, reason });
    }

    /** What was sent of one operation. */
    all(op) {
      return this.sent.filter((message) => message.op === op);
    }
  };
}

/** Gives everything that is ready a chance to run. */
export function turn() {
  return new Promise((resolve) => setTimeout(resolve, 2));
}
