/**
 * The browser side of the legacy iris websocket protocol, as `<script src="/iris-ws.js">`:
 *
 *     const ws = new Ws("ws://example.com/chat");
 *     ws.OnConnect(() => ws.Emit("chat", "hello"));
 *     ws.On("chat", (text) => console.log(text));
 *
 * Names, wire format and habits are those of the script that iris and go-websocket served:
 * listeners get strings, also for numbers, booleans and JSON. What differs used to lose data:
 *
 *   - Emit and EmitMessage before the connection is open wait for it. They used to throw.
 *   - `true` travels as a boolean, arrays as JSON, other than whole numbers as JSON, a Date as its
 *     ISO text, null as JSON: all of these used to arrive as integers that no server could read, or
 *     threw. Texts travel as integers only if they are exactly what an integer looks like ("42",
 *     but not "007" or "1.5"), so that they come out as they went in.
 *   - Bytes (ArrayBuffer, Uint8Array...) travel as bytes. They used to arrive as "{}".
 *   - Binary messages are understood; listeners get the bytes as their second argument.
 *   - A message is an event only if it begins with the prefix and is well formed; any other one
 *     goes to OnMessage. The prefix inside a native message used to swallow it.
 *   - A listener that throws does not keep the message from the others.
 *   - An event's name with a semicolon throws: it would arrive as another event.
 *   - The URL may be relative ("/chat") or begin with http; only what has no scheme gets `ws://`.
 */
(() => {
  "use strict";

  const prefix = "iris-websocket-message:"; // the server writes its own prefix here

  const types = { text: 0, integer: 1, boolean: 2, bytes: 3, json: 4 };
  const wholeNumber = /^(0|-?[1-9]\d{0,15})$/;
  const eventParts = /^([^;]*);([0-4]);/;

  class Ws {
    #connected = [];
    #disconnected = [];
    #natives = [];
    #listeners = new Map();
    #waiting = []; // what was sent before the connection was open

    constructor(url, protocols) {
      const wanted = protocols?.length > 0 ? [protocols] : [];
      /** The WebSocket below. */
      this.conn = new WebSocket(addressOf(url), ...wanted);
      this.conn.binaryType = "arraybuffer";
      this.conn.onopen = () => this.#opened();
      this.conn.onmessage = ({ data }) => this.#receive(data);
      this.conn.onclose = () => callAll(this.#disconnected);
    }

    /** Calls `listener` when the connection is open; at once if it is. */
    OnConnect(listener) {
      if (this.conn.readyState === 1) callAll([listener]);
      this.#connected.push(listener);
    }

    /** Calls `listener` when the connection has ended, or could not be made. */
    OnDisconnect(listener) {
      this.#disconnected.push(listener);
    }

    /** Calls `listener(text)` for messages that are no events; `(text, bytes)` for binary ones. */
    OnMessage(listener) {
      this.#natives.push(listener);
    }

    /** Calls `listener(text)` for this event's messages; `(text, bytes)` for binary ones. */
    On(event, listener) {
      const listeners = this.#listeners.get(event) ?? [];
      this.#listeners.set(event, [...listeners, listener]);
    }

    /** Sends an event with one value, or none. Returns false when the connection has ended. */
    Emit(event, value) {
      return this.#send(encode(String(event), value));
    }

    /** Sends a message without an event around it. Returns false when the connection has ended. */
    EmitMessage(message) {
      return this.#send(isBytes(message) ? message : String(message));
    }

    Disconnect() {
      this.conn.close();
    }

    #send(frame) {
      if (this.conn.readyState > 1) return false;
      if (this.conn.readyState === 0) this.#waiting.push(frame);
      else this.conn.send(frame);
      return true;
    }

    #opened() {
      for (const frame of this.#waiting.splice(0)) this.conn.send(frame);
      callAll(this.#connected);
    }

    #receive(data) {
      const bytes = typeof data === "string" ? undefined : new Uint8Array(data);
      const text = bytes ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : data;
      const found = text.startsWith(prefix) && eventParts.exec(text.slice(prefix.length));
      if (!found) return callAll(this.#natives, text, bytes);
      const [front, event] = found;
      const value = text.slice(prefix.length + front.length);
      callAll(this.#listeners.get(event) ?? [], value, bytes && dataOf(bytes, event));
    }
  }

  /** The bytes of an event's data, whatever they are. */
  function dataOf(bytes, event) {
    return bytes.subarray(new TextEncoder().encode(prefix + event).length + ";0;".length);
  }

  function encode(event, value) {
    if (event.includes(";")) throw new TypeError(`An event's name has no semicolon: "${event}"`);
    const plain = unboxed(value);
    if (isBytes(plain)) return joined(head(event, types.bytes), plain);
    const [type, data] = encodeValue(plain);
    return head(event, type) + data;
  }

  function head(event, type) {
    return `${prefix}${event};${type};`;
  }

  function encodeValue(value) {
    switch (typeof value) {
      case "string":
        return [isInteger(value) ? types.integer : types.text, value];
      case "number":
        return encodeNumber(value);
      case "bigint":
        return [BigInt.asIntN(64, value) === value ? types.integer : types.text, String(value)];
      case "boolean":
        return [types.boolean, String(value)];
      case "object":
        return [types.json, JSON.stringify(value)];
      default:
        return [types.text, ""];
    }
  }

  function encodeNumber(value) {
    if (Number.isSafeInteger(value)) return [types.integer, String(value)];
    return [Number.isFinite(value) ? types.json : types.text, String(value)];
  }

  function isInteger(text) {
    return wholeNumber.test(text) && Number.isSafeInteger(Number(text));
  }

  /** What `new String("x")` and its like hold; of a Date, its text. */
  function unboxed(value) {
    if (value instanceof Date) return Number.isNaN(+value) ? String(value) : value.toISOString();
    const isBoxed = value instanceof String || value instanceof Number || value instanceof Boolean;
    return isBoxed ? value.valueOf() : value;
  }

  function isBytes(value) {
    return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
  }

  function joined(text, bytes) {
    const data = ArrayBuffer.isView(bytes)
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      : new Uint8Array(bytes);
    const front = new TextEncoder().encode(text);
    const whole = new Uint8Array(front.length + data.length);
    whole.set(front);
    whole.set(data, front.length);
    return whole;
  }

  /** Calls every listener; what one of them throws is reported as if nothing had caught it. */
  function callAll(listeners, ...values) {
    for (const listener of [...listeners]) {
      try {
        listener(...values);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  function addressOf(url) {
    const text = String(url);
    if (/^wss?:/i.test(text)) return text;
    if (/^https?:/i.test(text)) return text.replace(/^http/i, "ws");
    if (text.startsWith("/")) return new URL(text, location.href).href.replace(/^http/, "ws");
    return `ws://${text}`;
  }

  globalThis.Ws = Ws;
})();
