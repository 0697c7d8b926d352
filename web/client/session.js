import { Asks } from "./asks.js";
import { Clock } from "./clock.js";
import { decode, encode, version } from "./codec.js";
import { TroupeError, throwLater } from "./errors.js";
import { Handlers, anyEvent } from "./events.js";
import { Inbox } from "./inbox.js";
import { Link } from "./link.js";
import { asAnswer, asArguments, asMembers, malformed } from "./payload.js";
import { Resumption, comesBack } from "./resume.js";
import { Rooms } from "./rooms.js";

/** A droppable message is not even sent while the socket holds this many bytes back. */
const backlogLimit = 64 * 1024;

const handlerFailed = 12;

/**
 * What a Client is made of: speaks the protocol over a link, and keeps names, rooms and asks, also
 * while a session waits for its next connection.
 */
export class Session {
  id = 0;
  state = "connecting";
  limits = {};
  answers = new Map();
  report = (error) => this.#report(error);
  events = new Handlers(this.report);
  changes = new Handlers(throwLater);
  clock;
  #options;
  #link;
  #asks;
  #names = [];
  #numbers = new Map();
  #rooms = new Rooms(this);
  #inbox = new Inbox((data) => this.#take(data));
  #started;
  #resumption;
  #suspended = false;
  #lostSession = false;

  constructor(options) {
    const { timers, heartbeat: interval, timeout } = options;
    this.#options = options;
    this.#asks = new Asks(timers);
    this.#resumption = new Resumption(options.outbox);
    this.clock = new Clock({
      timers, interval, timeout,
      exchange: (time) => {
        if (this.#resumption.hasNews) this.#send(this.#resumption.news());
        this.#send({ op: "clock", time });
      },
      silent: () => this.#link.drop(new TroupeError("connection_lost", "The server fell silent.")),
    });
    this.#link = new Link(options, {
      message: (data) => this.#inbox.push(data),
      offer: () => (options.resume && options.reconnect ? [this.#resumption.offer()] : []),
      cut: (error, end) => this.#cut(error, end),
      retry: (retry) => this.#retry(retry),
      closed: (end) => this.#closed(end),
    });
  }

  /** Resolves when the server has said hello; rejects when the first connection fails. */
  start() {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      this.#link.open();
    });
  }

  get rooms() {
    return this.#rooms.byName;
  }

  close(comingBack) {
    this.#inbox.clear();
    this.#link.close(comingBack ? this.#link.farewell : 1000);
  }

  // -- sending ------------------------------------------------------------------------------------

  emit(event, payload, delivery) {
    return this.#send({ op: "event", name: this.#short(event), payload, delivery });
  }

  publish(room, event, payload, delivery) {
    const name = this.#short(event);
    return this.#send({ op: "publish", room: room.number, name, payload, delivery });
  }

  ask(timeout = this.#options.askTimeout, event, payload) {
    return this.#asks.ask(timeout, {}, (ask) =>
      this.#send({ op: "ask", ask, name: this.#short(event), payload }));
  }

  join(name, args, room) {
    return this.#asks.ask(this.#options.askTimeout, { args, room }, (ask) =>
      this.#send({ op: "join", ask, name, payload: args }));
  }

  async leave(room) {
    if (!room.joined) return this.#rooms.forget(room, "asked");
    return this.#asks.ask(this.#options.askTimeout, {}, (ask) =>
      this.#send({ op: "leave", ask, room: room.number }));
  }

  /**
   * False when there is no connection, nor a session that it could wait for, or when a droppable
   * message met a full socket.
   */
  #send(message) {
    const bytes = encode(message);
    if (bytes.length > this.limits.message_bytes) {
      const text = `The message has ${bytes.length} bytes, more than the server takes.`;
      throw new TroupeError("message_too_big", text);
    }
    const droppable = message.delivery?.class === "droppable";
    if (droppable && this.#link.backlog > backlogLimit) return false;
    if (!this.#resumption.hasRoomFor(bytes)) return false;
    if (!this.#link.send(bytes)) return this.#resumption.wait(message, bytes);
    this.#resumption.sent(bytes);
    return true;
  }

  #short(event) {
    return this.#numbers.get(event) ?? event;
  }

  // -- receiving ----------------------------------------------------------------------------------

  #take(data) {
    try {
      if (typeof data === "string") throw malformed("The server sent a text message.");
      const bytes = new Uint8Array(data);
      if (this.#resumption.count(bytes)) this.#send(this.#resumption.news());
      const message = decode(bytes);
      if (!message) return;
      const expectsHello = this.state !== "open";
      if (message.op === "hello" ? !expectsHello : expectsHello && !this.#suspended) {
        throw malformed(`A ${message.op} message is out of place.`);
      }
      this.#receive[message.op](message);
    } catch (error) {
      this.#report(error);
    }
  }

  #receive = {
    hello: (message) => this.#hello(message),
    event: ({ name, payload }) => {
      const event = this.#long(name);
      const args = asArguments(payload);
      this.events.call(event, ...args);
      this.events.call(anyEvent, event, ...args);
    },
    ask: (message) => this.#answer(message),
    reply: ({ ask, payload }) => this.#asks.take(ask)?.resolve(asAnswer(payload)),
    error: ({ ask, code, text }) => this.#refused(ask, new TroupeError(code, text || undefined)),
    joined: (message) => this.#joined(message),
    left: ({ ask, room: number, reason }) => {
      this.#rooms.left(number, reason);
      this.#asks.take(ask)?.resolve();
    },
    room_event: ({ room, sender, name, payload }) => {
      const args = asArguments(payload);
      this.#rooms.tell(room, "event", this.#long(name), sender, args);
    },
    presence: ({ room, kind, payload }) => {
      const members = asMembers(payload);
      if (kind === 1 || kind === 2) this.#rooms.tell(room, "presence", kind === 1, members);
    },
    received: ({ count }) => this.#resumption.confirm(count),
    clock: ({ time, serverTime }) => this.clock.answer(time, Number(serverTime)),
    restarted: ({ room, epoch }) => this.#rooms.tell(room, "change", "restarted", epoch),
  };

  #hello({ version: spoken, id, time, payload: [names, limits, extra] }) {
    if (spoken !== version) {
      const text = `The server speaks version ${spoken} of the protocol, this client ${version}.`;
      return this.#link.close(1000, "", new TroupeError("protocol_error", text));
    }
    if (!Array.isArray(names) || !limits) throw malformed("The hello is broken.");
    const resumes = this.#suspended && extra?.session?.outcome === "resumed";
    if (resumes && !this.#resumption.goOn(extra.session)) {
      this.#lose(new TroupeError("connection_lost", "The server has counted messages wrongly."));
      return this.#link.drop(new TroupeError("protocol_error", "The session cannot go on."));
    }
    this.id = id;
    this.limits = Object.freeze({ ...limits });
    this.#names = names;
    this.#numbers = new Map(names.map((name, number) => [name, number]));
    this.state = "open";
    this.#link.established();
    if (resumes) this.#goOn();
    else this.#begin(extra?.session);
    this.clock.start(Number(time));
  }

  #begin(session) {
    if (this.#suspended) {
      this.#lose(new TroupeError("connection_lost", "The session could not be resumed."));
    }
    const resync = this.#lostSession || session?.outcome === "resync";
    this.#lostSession = false;
    this.#resumption.begin(session);
    this.#link.farewell = session ? comesBack : 1000;
    this.#inbox.pause();
    this.#started.resolve();
    this.changes.call("open", { resync });
    this.#rooms.joinAgain();
  }

  /** Nothing happened but a pause: what may be lost is sent again, and what has waited is sent. */
  #goOn() {
    this.#suspended = false;
    for (const bytes of this.#resumption.unconfirmed) this.#link.send(bytes);
    this.#send(this.#resumption.news());
    for (const bytes of this.#resumption.takeWaiting()) {
      if (this.#link.send(bytes)) this.#resumption.sent(bytes);
    }
    this.changes.call("resume");
  }

  async #answer({ ask, name, payload }) {
    try {
      const event = this.#long(name);
      const handler = this.answers.get(event);
      if (!handler) throw new TroupeError("unknown_event", `Nobody answers "${event}" here.`);
      const value = await handler(...asArguments(payload));
      this.#send({ op: "reply", ask, payload: value === undefined ? [] : [value] });
    } catch (error) {
      const code = error instanceof TroupeError ? error.number : handlerFailed;
      this.#send({ op: "error", ask, code, text: String(error?.message ?? error) });
    }
  }

  #refused(ask, error) {
    if (ask === 0) this.#report(error);
    else this.#asks.reject(ask, error);
  }

  #joined(message) {
    const waiting = this.#asks.take(message.ask);
    const joined = this.#rooms.joined(message, waiting?.about);
    if (!joined) return this.#leaveQuietly(message);
    if (waiting) this.#inbox.pause();
    waiting?.resolve(joined.room);
    if (joined.again) this.#rooms.tell(message.room, "change", "joined", joined.room);
    else if (!joined.isOurs) this.changes.call("join", joined.room);
  }

  /** The room was left while the answer to joining it again was on its way. */
  #leaveQuietly({ room }) {
    this.#asks.ask(this.#options.askTimeout, {}, (ask) => this.#send({ op: "leave", ask, room }))
      .catch(this.report);
  }

  // -- cuts and reconnects ------------------------------------------------------------------------

  /** A server that says why it closes keeps no session. */
  #cut(error, { code, retries }) {
    this.clock.stop();
    this.#suspended = retries && code === 1006 && this.#resumption.active;
    if (this.#suspended) return this.#inbox.clear(); // not counted: the server sends it again
    this.#inbox.flush();
    this.#lose(error);
    this.#started.reject(error);
  }

  #lose(error) {
    this.#lostSession ||= this.#resumption.active;
    this.#resumption.begin(undefined);
    this.#suspended = false;
    this.#asks.rejectAll(error);
    this.#rooms.lose();
  }

  #retry(retry) {
    this.state = "reconnecting";
    this.changes.call("reconnecting", retry);
  }

  #closed(end) {
    this.state = "closed";
    this.changes.call("close", end);
  }

  #long(name) {
    const event = typeof name === "number" ? this.#names[name] : name;
    if (event === undefined) throw malformed(`The server never named event ${name}.`);
    return event;
  }

  #report(error) {
    if (this.changes.has("error")) this.changes.call("error", error);
    else if (error instanceof TroupeError) console.warn(`troupe: ${error.code}: ${error.message}`);
    else throwLater(error);
  }
}
