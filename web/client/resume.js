/**
 * What both ends of a session count and keep, so that a cut loses nothing (docs/wire-format.md,
 * "Sessions").
 */

/** The close code of a client that will be back. */
export const comesBack = 3008;

const prefix = "troupe.resume";
const hello = 0;
const clock = 12;
const received = 14;

/** The server keeps what it has sent until it is told: after so many messages, or bytes. */
const untoldMessages = 64;
const partOfRing = 8;

/** Whether both ends count this message: its first byte decides. */
export function isCounted(bytes) {
  if (bytes.length === 0 || bytes[0] >> 6 !== 0) return false;
  const op = bytes[0] & 0x1f;
  return op !== hello && op !== clock && op !== received;
}

/** A session with a server; without a token there is none. */
export class Resumption {
  #limit;
  #token;
  #ringBytes = 0;
  #attempts = 0;
  #received = 0;
  #told = 0;
  #untoldBytes = 0;
  #confirmed = 0;
  #unconfirmed = [];
  #bytes = 0;
  #outbox = [];
  #outboxBytes = 0;

  /** @param limit  bytes that may wait for the server's word, and bytes that may wait to be sent. */
  constructor(limit) {
    this.#limit = limit;
  }

  get active() {
    return this.#token !== undefined;
  }

  /** The subprotocol that asks for the session, or for a new one. */
  offer() {
    if (!this.active) return prefix;
    this.#attempts += 1;
    return `${prefix}.${this.#token}.${this.#received}.${this.#attempts}`;
  }

  /** A session begins, or with `undefined` none. */
  begin(session) {
    this.#token = session?.token;
    this.#ringBytes = session?.ring_bytes ?? 0;
    this.#received = this.#told = this.#untoldBytes = this.#confirmed = this.#bytes = 0;
    this.#unconfirmed = [];
    this.#outbox = [];
    this.#outboxBytes = 0;
  }

  /** The session goes on. False when the server must be wrong. */
  goOn({ token, received: count }) {
    this.#token = token;
    return this.confirm(count);
  }

  // -- what came ----------------------------------------------------------------------------------

  /** A message has come; true when it is time to tell the server. */
  count(bytes) {
    if (!this.active || !isCounted(bytes)) return false;
    this.#received += 1;
    this.#untoldBytes += bytes.length;
    return this.#received - this.#told >= untoldMessages
      || this.#untoldBytes >= this.#ringBytes / partOfRing;
  }

  /** Whether the server does not know yet what has come. */
  get hasNews() {
    return this.active && this.#told !== this.#received;
  }

  /** What tells the server how many counted messages have come. */
  news() {
    this.#told = this.#received;
    this.#untoldBytes = 0;
    return { op: "received", count: this.#received };
  }

  // -- what was sent, and what waits --------------------------------------------------------------

  /** Whether these bytes may be kept, if they are to be. */
  hasRoomFor(bytes) {
    if (!this.active || !isCounted(bytes)) return true;
    return Math.max(this.#bytes, this.#outboxBytes) + bytes.length <= this.#limit;
  }

  /** Keeps what was sent until the server has it. */
  sent(bytes) {
    if (!this.active || !isCounted(bytes)) return;
    this.#unconfirmed.push(bytes);
    this.#bytes += bytes.length;
  }

  /** The server has the first `count` messages. False when that cannot be. */
  confirm(count) {
    const fresh = count - this.#confirmed;
    if (!(fresh >= 0 && fresh <= this.#unconfirmed.length)) return false;
    for (const bytes of this.#unconfirmed.splice(0, fresh)) this.#bytes -= bytes.length;
    this.#confirmed = count;
    return true;
  }

  /** What was sent and must be sent again. */
  get unconfirmed() {
    return this.#unconfirmed;
  }

  /** Keeps what cannot be sent now; of class latest only the newest. False when it cannot wait. */
  wait({ op, room, name, delivery }, bytes) {
    const isLatest = delivery?.class === "latest";
    if (!this.active || !(isLatest || isCounted(bytes))) return false;
    const slot = isLatest ? `${op} ${room} ${name} ${delivery.key}` : undefined;
    const older = slot && this.#outbox.find((one) => one.slot === slot);
    const size = this.#outboxBytes + bytes.length - (older ? older.bytes.length : 0);
    if (size > this.#limit) return false;
    this.#outboxBytes = size;
    if (older) older.bytes = bytes;
    else this.#outbox.push({ bytes, slot });
    return true;
  }

  /** Takes out what waits, oldest first. */
  takeWaiting() {
    const waiting = this.#outbox.map(({ bytes }) => bytes);
    this.#outbox = [];
    this.#outboxBytes = 0;
    return waiting;
  }
}
