import { subprotocol } from "./codec.js";
import { TroupeError } from "./errors.js";

/** How long a connection must have lasted for the next reconnect to start at the first delay. */
const stableAfter = 5_000;

/**
 * One logical connection over many sockets: opens, times out, and reopens after a cut.
 *
 * The delay before attempt n is random between 0 and `min * 2^n`, at most `max` ("full jitter"),
 * so that the clients of a server that restarts do not all come back at once. The link knows
 * nothing of messages: its owner calls `established()` when the server has said hello.
 *
 * Callbacks: message(data), offer() for what else to offer as subprotocol, cut(error, end) with
 * end as {code, retries}, retry({attempt, delay, code, reason}) and closed({code, reason}).
 */
export class Link {
  #options;
  #callbacks;
  #timers;
  #socket;
  #timer;
  #attempt = 0;
  #openedAt;
  #finished = false;
  /** The code that a socket is closed with which another will replace. */
  farewell = 1000;

  constructor(options, callbacks) {
    this.#options = options;
    this.#callbacks = callbacks;
    this.#timers = options.timers;
  }

  /** Opens a socket; the owner hears of its end by cut() and then retry() or closed(). */
  open() {
    const { WebSocket, url, protocols, timeout } = this.#options;
    const socket = new WebSocket(url, [subprotocol, ...this.#callbacks.offer(), ...protocols]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#check(socket);
    socket.onmessage = ({ data }) => this.#callbacks.message(data);
    socket.onclose = ({ code, reason }) => this.#ended(socket, code, reason);
    socket.onerror = () => {};
    this.#socket = socket;
    this.#timer = this.#timers.setTimeout(() => {
      this.drop(new TroupeError("timed_out", `The server did not answer in ${timeout} ms.`));
    }, timeout);
  }

  /** The server has said hello: the connection is up. */
  established() {
    this.#timers.clearTimeout(this.#timer);
    this.#openedAt = this.#timers.now();
  }

  /** Hands bytes to the socket; false when there is no open one. */
  send(bytes) {
    if (this.#openedAt === undefined || this.#socket?.readyState !== 1) return false;
    this.#socket.send(bytes);
    return true;
  }

  /** Bytes the socket still holds because the network is slower than the sender. */
  get backlog() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Gives the present socket up, as if the network had cut it. */
  drop(error) {
    this.#ended(this.#socket, 1006, error.message, error);
  }

  /** Ends the link for good. */
  close(code = 1000, reason = "", error = new TroupeError("closed", "The client was closed.")) {
    if (this.#finished) return;
    const socket = this.#release();
    close(socket, code, reason);
    this.#finish(code, reason, error);
  }

  /** A server that does not know the protocol is no server of ours. */
  #check(socket) {
    if (socket.protocol === subprotocol) return;
    const text = `The server does not speak ${subprotocol}.`;
    this.close(1000, "", new TroupeError("protocol_error", text));
  }

  #ended(socket, code, reason, error = lost(code, reason)) {
    if (socket !== this.#socket || this.#finished) return;
    close(this.#release(), this.farewell, "");
    const mayRetry = this.#mayRetry(code);
    this.#openedAt = undefined;
    if (!mayRetry) return this.#finish(code, reason, error);
    this.#callbacks.cut(error, { code, retries: true });
    if (!this.#finished) this.#retry(code, reason);
  }

  /**
   * The first connection is not retried: whoever calls connect() wants to know that it failed.
   * A server that closes with 1000 wants the client to go.
   */
  #mayRetry(code) {
    const { reconnect, timers } = this.#options;
    if (this.#openedAt === undefined && this.#attempt === 0) return false;
    if (timers.now() - this.#openedAt >= stableAfter) this.#attempt = 0;
    return reconnect && code !== 1000 && this.#attempt < reconnect.attempts;
  }

  #retry(code, reason) {
    const { min, max } = this.#options.reconnect;
    const ceiling = Math.min(max, min * 2 ** this.#attempt);
    const delay = this.#timers.random() * ceiling;
    this.#attempt += 1;
    this.#timer = this.#timers.setTimeout(() => this.open(), delay);
    this.#callbacks.retry({ attempt: this.#attempt, delay, code, reason });
  }

  #finish(code, reason, error) {
    this.#finished = true;
    this.#callbacks.cut(error, { code, retries: false });
    this.#callbacks.closed({ code, reason });
  }

  /** Detaches the present socket, which may still deliver events, and stops the timer. */
  #release() {
    const socket = this.#socket;
    this.#timers.clearTimeout(this.#timer);
    this.#socket = undefined;
    if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
    return socket;
  }
}

function close(socket, code, reason) {
  if (socket && socket.readyState < 2) socket.close(code, reason);
}

function lost(code, reason) {
  const why = reason ? `: ${reason}` : "";
  return new TroupeError("connection_lost", `The connection ended with code ${code}${why}.`);
}
