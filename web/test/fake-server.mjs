/**
 * A small Troupe server for the tests of the client: rooms with relay and presence, and hooks to
 * misbehave. It serves the demo page and the client like the real one. Run it by hand with
 * `node test/fake-server.mjs 8080`.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { decode, encode } from "../client/codec.js";
import { TroupeError } from "../client/errors.js";

const web = fileURLToPath(new URL("..", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript" };
const came = 1;
const went = 2;

export class FakeServer {
  /** The connections by id: {id, socket, rooms}. */
  connections = new Map();
  /** Every message that arrived, oldest first: {from, message}. */
  received = [];
  names = ["pointer", "say", "name"];
  limits = { message_bytes: 65536, messages_per_s: 200, burst: 400, ping_ms: 20000, rooms: 64 };
  version = 1;
  /** Takes a connection that was greeted; replaced by tests. */
  greeted = () => {};
  /** Answers an ask: (connection, message) -> value, or throws a TroupeError. */
  answer = answerSum;
  /** Refuses a join by throwing a TroupeError. */
  admit = () => {};
  #rooms = new Map();
  #lastId = 0;
  #port;
  #http;
  #sockets;

  async start(port = 0) {
    this.#http = createServer((request, response) => serveFile(request, response));
    this.#sockets = new WebSocketServer({
      server: this.#http,
      handleProtocols: (offered) => (offered.has("troupe.v1") ? "troupe.v1" : false),
    });
    this.#sockets.on("connection", (socket) => this.#greet(socket));
    await new Promise((resolve) => this.#http.listen(port, "127.0.0.1", resolve));
    this.#port = this.#http.address().port;
    return this;
  }

  get port() {
    return this.#port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends all connections, as a network does: without a word. */
  cut() {
    for (const { socket } of this.connections.values()) socket.terminate();
  }

  async stop() {
    this.cut();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  send(connection, message) {
    this.sendBytes(connection, encode(message, "server"));
  }

  sendBytes(connection, bytes) {
    connection.socket.send(bytes);
  }

  /** Puts a connection into a room; `ask` 0 means that the server moved it there. */
  enter(connection, name, ask = 0) {
    const room = this.#room(name);
    const isNew = !room.members.has(connection);
    room.members.add(connection);
    connection.rooms.add(room);
    const payload = [...room.members].map(({ id }) => [id, null]);
    const count = payload.length;
    this.send(connection, { op: "joined", ask, room: room.number, name, count, payload });
    if (isNew) this.#tell(room, connection, presence(room, came, connection));
    return room.number;
  }

  #greet(socket) {
    const connection = { id: ++this.#lastId, socket, rooms: new Set() };
    this.connections.set(connection.id, connection);
    socket.on("message", (data) => this.#take(connection, decode(data, "client")));
    socket.on("close", () => this.#forget(connection));
    const { version, names, limits } = this;
    const payload = [names, limits, {}];
    this.send(connection, { op: "hello", version, id: connection.id, time: Date.now(), payload });
    this.greeted(connection);
  }

  #take(connection, message) {
    this.received.push({ from: connection.id, message });
    this.#handlers[message.op]?.(connection, message);
  }

  #handlers = {
    ask: (connection, message) => this.#answer(connection, message.ask, () => {
      const value = this.answer(connection, message);
      if (value === undefined) return;
      const payload = Array.isArray(value) || value instanceof Uint8Array ? value : [value];
      this.send(connection, { op: "reply", ask: message.ask, payload });
    }),
    join: (connection, message) => this.#answer(connection, message.ask, () => {
      this.admit(connection, message);
      this.enter(connection, message.name, message.ask);
    }),
    leave: (connection, { ask, room: number }) => {
      this.#remove(connection, [...connection.rooms].find((room) => room.number === number));
      this.send(connection, { op: "left", ask, room: number, reason: 0 });
    },
    publish: (connection, { room: number, name, payload, delivery }) => {
      const room = [...connection.rooms].find((one) => one.number === number);
      const sender = connection.id;
      const message = { op: "room_event", room: number, sender, name, payload, delivery };
      if (room) this.#tell(room, connection, message);
    },
    clock: (connection, { time }) => {
      this.send(connection, { op: "clock", time, serverTime: Date.now() * 1000 });
    },
  };

  #answer(connection, ask, action) {
    try {
      action();
    } catch (error) {
      if (!(error instanceof TroupeError)) throw error;
      this.send(connection, { op: "error", ask, code: error.number, text: error.message });
    }
  }

  #room(name) {
    const number = this.#rooms.size + 1;
    if (!this.#rooms.has(name)) this.#rooms.set(name, { name, number, members: new Set() });
    return this.#rooms.get(name);
  }

  #tell(room, except, message) {
    const bytes = encode(message, "server");
    for (const member of room.members) {
      if (member !== except) this.sendBytes(member, bytes);
    }
  }

  #forget(connection) {
    this.connections.delete(connection.id);
    for (const room of connection.rooms) this.#remove(connection, room);
  }

  #remove(connection, room) {
    connection.rooms.delete(room);
    if (room?.members.delete(connection)) {
      this.#tell(room, connection, presence(room, went, connection));
    }
  }
}

/** Starts a server and stops it when the test `t` has ended. */
export async function startFakeServer(t, properties = {}) {
  const server = Object.assign(new FakeServer(), properties);
  await server.start();
  t.after(() => server.stop());
  return server;
}

function answerSum(connection, { name, payload }) {
  if (name !== "sum") throw new TroupeError("unknown_event", `Nobody handles "${name}".`);
  return payload.reduce((sum, value) => sum + value, 0);
}

function presence(room, kind, { id }) {
  return { op: "presence", room: room.number, kind, payload: [[id, null]] };
}

async function serveFile(request, response) {
  const path = normalize(new URL(request.url, "http://host").pathname);
  const file = path.startsWith("/client/") ? join(web, path) : join(web, "demo", path);
  try {
    const bytes = await readFile(path.endsWith("/") ? join(file, "index.html") : file);
    const type = types[extname(file)] ?? types[".html"];
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(bytes);
  } catch {
    response.writeHead(404).end("There is no such file.\n");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await new FakeServer().start(Number(process.argv[2] ?? 8080));
  console.log(`listening on ${server.url}`);
}
