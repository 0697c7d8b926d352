/** A WebSocket client that knows nothing of any protocol: frames out, frames in. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";

const patience = 3_000;
/** How long something that must not happen gets to happen, after a ping has come back. */
const quiet = 30;

export class PlainClient {
  #socket;
  #inbox = [];
  #wake = () => {};
  #ended = false;

  constructor(url, options = {}) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.#socket.on("message", (data, binary) => {
      this.#inbox.push({ binary, data });
      this.#wake();
    });
    this.closed = once(this.#socket, "close").then(([code, reason]) => {
      this.#ended = true;
      this.#wake();
      return { code, reason: String(reason) };
    });
  }

  /** A client that is connected. */
  static async open(url, options) {
    const client = new PlainClient(url, options);
    await once(client.#socket, "open");
    return client;
  }

  get isOpen() {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The subprotocol that the server chose. */
  get protocol() {
    return this.#socket.protocol;
  }

  /** Sends text or bytes; bytes may also go as a text message, even if they are none. */
  send(data, binary = typeof data !== "string") {
    this.#socket.send(data, { binary });
  }

  /** The next frame: `{ binary, data }`. */
  async next() {
    const deadline = Date.now() + patience;
    while (this.#inbox.length === 0) {
      assert.ok(!this.#ended, "the connection ended before the frame came");
      await this.#change(deadline - Date.now());
    }
    return this.#inbox.shift();
  }

  /** The next frame as text. */
  async text() {
    const { data } = await this.next();
    return data.toString();
  }

  /** The frames that are here when the server has seen all that was sent. */
  async rest() {
    await this.settle();
    return this.#inbox.splice(0);
  }

  /** Waits until the server has seen all that was sent, and has had time to answer. */
  async settle() {
    if (this.isOpen) {
      this.#socket.ping();
      await Promise.race([once(this.#socket, "pong"), this.closed]);
    }
    await new Promise((resolve) => setTimeout(resolve, quiet));
  }

  /** Says goodbye; resolves with how the connection ended. */
  async close() {
    this.#socket.close(1000);
    return this.closed;
  }

  #change(milliseconds) {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no frame came within ${patience} ms`));
      const timer = setTimeout(late, Math.max(milliseconds, 0));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
