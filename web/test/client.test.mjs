/** The client against the fake server, over real sockets. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { Client, Room, TroupeError, connect } from "../client/troupe.js";
import { startFakeServer } from "./fake-server.mjs";
import { turn } from "./fake-socket.mjs";

async function join(t, server, options = {}) {
  const client = await connect(`${server.url}/demo`, { WebSocket, ...options });
  t.after(() => client.close());
  return client;
}

/** Resolves with the arguments of the next call of a handler: heard((h) => room.on("x", h)). */
function heard(subscribe) {
  return new Promise((resolve) => {
    const stop = subscribe((...values) => {
      stop();
      resolve(values);
    });
  });
}

test("client: hello tells id, limits and state", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  assert.equal(client.id, 1);
  assert.equal(client.state, "open");
  assert.equal(client.limits.message_bytes, 65536);
});

test("client: nobody there is an error", async () => {
  const nobody = connect("ws://127.0.0.1:9/demo", { WebSocket });
  await assert.rejects(nobody, { name: "TroupeError", code: "connection_lost" });
});

test("client: where there is no WebSocket, connect says so", async () => {
  await assert.rejects(connect("ws://127.0.0.1:9/", { WebSocket: null }), { code: "refused" });
});

test("client: registered events travel as numbers, others as text", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  client.emit("say", "hi");
  client.emit("other", 1, [2]);
  client.emitRaw("say", new Float32Array([1.5]));
  await client.ask("sum", 0);
  const events = server.received.map(({ message }) => message).filter(({ op }) => op === "event");
  assert.deepEqual(events.map(({ name }) => name), [1, "other", 1]);
  assert.deepEqual(events[1].payload, [1, [2]]);
  assert.deepEqual(events[2].payload, new Uint8Array([0, 0, 0xc0, 0x3f]));
});

test("client: delivery classes travel as marks", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  client.latest(7).emit("pointer", 1);
  client.droppable({ priority: 3, deadline: 250 }).emitRaw("spark", new Uint8Array([1]));
  await client.ask("sum", 0);
  const marks = server.received.map(({ message }) => message.delivery).filter(Boolean);
  assert.deepEqual(marks, [
    { class: "latest", key: 7 }, { class: "droppable", priority: 3, deadline: 250 },
  ]);
});

test("client: hears events by name, once, any, until told otherwise", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const calls = [];
  const stop = client.on("say", (text) => calls.push(["on", text]));
  client.once("say", (text) => calls.push(["once", text]));
  client.onAny((event, ...args) => calls.push([event, ...args]));
  const send = async (message) => {
    server.send(server.connections.get(1), { op: "event", ...message });
    await client.ask("sum", 0);
  };
  const unwanted = () => calls.push("unwanted");
  client.once("say", unwanted);
  client.off("say", unwanted);
  await send({ name: 1, payload: ["a"] });
  await send({ name: "say", payload: ["b"] });
  stop();
  await send({ name: 0, payload: new Uint8Array([5]) });
  await send({ name: 1, payload: ["c"] });
  assert.deepEqual(calls, [
    ["on", "a"], ["once", "a"], ["say", "a"], ["on", "b"], ["say", "b"],
    ["pointer", new Uint8Array([5])], ["say", "c"],
  ]);
});

test("client: an ask is answered by nothing, a value, several or bytes", async (t) => {
  const answers = { none: [], one: [5], several: [1, 2], bytes: new Uint8Array([9]) };
  const server = await startFakeServer(t, { answer: (connection, { name }) => answers[name] });
  const client = await join(t, server);
  assert.equal(await client.ask("none"), undefined);
  assert.equal(await client.ask("one"), 5);
  assert.deepEqual(await client.ask("several"), [1, 2]);
  assert.deepEqual(await client.ask("bytes"), new Uint8Array([9]));
});

test("client: an ask fails with the server's error, or with time", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  await assert.rejects(client.ask("nothing"), (error) => {
    assert.ok(error instanceof TroupeError);
    assert.deepEqual([error.code, error.number], ["unknown_event", 5]);
    assert.equal(error.message, 'Nobody handles "nothing".');
    return true;
  });
  server.answer = () => undefined;
  await assert.rejects(client.within(20).ask("sum", 1), { code: "timed_out" });
});

test("client: the server asks, we answer", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  client.answer("double", async (value) => value * 2);
  client.answer("nothing", () => {});
  client.answer("refuse", () => { throw new TroupeError("refused", "no"); });
  client.answer("break", () => { throw new Error("oh"); });
  ["double", "nothing", "refuse", "break", "unheard"].forEach((name, index) => {
    const message = { op: "ask", ask: index + 1, name, payload: [21] };
    server.send(server.connections.get(1), message);
  });
  await client.ask("sum", 0);
  await client.ask("sum", 0);
  const answers = server.received.map(({ message }) => message);
  const of = (op) => answers.filter((message) => message.op === op);
  assert.deepEqual(of("reply").map(({ payload }) => payload).sort(), [[42], []].sort());
  const errors = of("error").map(({ ask, code, text }) => [ask, code, text]).sort();
  const unheard = [5, 5, 'Nobody answers "unheard" here.'];
  assert.deepEqual(errors, [[3, 26, "no"], [4, 12, "oh"], unheard]);
});

test("client: members of a room see each other come, talk and go", async (t) => {
  const server = await startFakeServer(t);
  const [anna, ben] = [await join(t, server), await join(t, server)];
  const room = await anna.join("lobby");
  const came = heard((handler) => room.onCame(handler));
  const other = await ben.join("lobby");
  assert.deepEqual(await came, [{ id: ben.id, identity: null }]);
  assert.deepEqual([...other.members.keys()], [anna.id, ben.id]);

  const said = heard((handler) => other.on("say", handler));
  room.emit("say", "hello", { to: "all" });
  assert.deepEqual(await said, [anna.id, "hello", { to: "all" }]);
  const raw = heard((handler) => room.onAny(handler));
  other.latest(1).emitRaw("pointer", new Uint8Array([1, 2]));
  assert.deepEqual(await raw, ["pointer", ben.id, new Uint8Array([1, 2])]);

  const went = heard((handler) => room.onWent(handler));
  ben.close();
  assert.equal((await went)[0].id, ben.id);
  assert.deepEqual([[...room.members.keys()], room.size], [[anna.id], 1]);
});

test("client: an event right behind hello or joined is not lost", async (t) => {
  const server = await startFakeServer(t);
  server.greeted = (connection) => {
    server.send(connection, { op: "event", name: "welcome", payload: ["you"] });
  };
  const client = await join(t, server);
  assert.deepEqual(await heard((handler) => client.on("welcome", handler)), ["you"]);
  const enter = server.enter.bind(server);
  server.enter = (connection, ...rest) => {
    const room = enter(connection, ...rest);
    const rules = { op: "room_event", room, sender: 0, name: "rules", payload: ["be kind"] };
    server.send(connection, rules);
  };
  const room = await client.join("lobby");
  assert.deepEqual(await heard((handler) => room.on("rules", handler)), [0, "be kind"]);
});

test("client: the server can move us into a room and out of it", async (t) => {
  const server = await startFakeServer(t);
  server.greeted = (connection) => server.enter(connection, "arena");
  const client = await join(t, server);
  const [room] = await heard((handler) => client.onJoin(handler));
  assert.equal(client.rooms.get("arena"), room);
  const left = heard((handler) => room.onLeft(handler));
  server.send(server.connections.get(1), { op: "left", ask: 0, room: room.number, reason: 1 });
  assert.deepEqual(await left, ["removed"]);
  assert.deepEqual([client.rooms.size, room.emit("say", "?")], [0, false]);
});

test("client: joining twice gives the same room, leaving ends it", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const [one, other] = await Promise.all([client.join("lobby"), client.join("lobby")]);
  assert.equal(one, other);
  const reasons = [];
  one.onLeft((reason) => reasons.push(reason));
  await one.leave();
  assert.deepEqual([reasons, client.rooms.size, one.joined], [["asked"], 0, false]);
});

test("client: a refused join is an error and no room", async (t) => {
  const admit = () => { throw new TroupeError("room_refused", "Members only."); };
  const client = await join(t, await startFakeServer(t, { admit }));
  await assert.rejects(client.join("club"), { code: "room_refused", message: "Members only." });
  assert.equal(client.rooms.size, 0);
});

test("client: a restarted room says so", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const room = await client.join("lobby");
  const restarted = heard((handler) => room.onRestarted(handler));
  server.send(server.connections.get(1), { op: "restarted", room: room.number, epoch: 4 });
  assert.deepEqual(await restarted, [4]);
});

test("client: broken messages are errors, unknown ones are ignored", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const codes = [];
  client.onError((error) => codes.push(error.code));
  const broken = [
    [], [0x01], [0x01, 0x05, 0x61], [0x01, 0x7e], [0x0b, 0x01, 0x01, 0x91, 0x05], [0x00, 0x01],
  ];
  const connection = server.connections.get(1);
  for (const bytes of broken) server.sendBytes(connection, new Uint8Array(bytes));
  connection.socket.send("text");
  const unknown = [0x0e, 0x1f, 0x09];
  for (const op of unknown) server.sendBytes(connection, new Uint8Array([op, 1]));
  server.send(connection, { op: "error", ask: 0, code: 14, text: "Slow down." });
  assert.equal(await client.ask("sum", 2, 3), 5);
  const malformed = new Array(broken.length + 1).fill("malformed_message");
  assert.deepEqual(codes, [...malformed, "rate_limited"]);
});

test("client: a handler that throws harms no other", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const seen = [];
  client.onError((error) => seen.push(error.message));
  client.on("say", () => { throw new Error("mine"); });
  client.on("say", (text) => seen.push(text));
  server.send(server.connections.get(1), { op: "event", name: "say", payload: ["still"] });
  assert.equal(await client.ask("sum", 1), 1);
  assert.deepEqual(seen, ["mine", "still"]);
});

test("client: what cannot be sent is refused where it is said", async (t) => {
  const client = await join(t, await startFakeServer(t));
  assert.throws(() => client.emit("bad name"), { code: "bad_name" });
  assert.throws(() => client.emit("say", "x".repeat(70_000)), { code: "message_too_big" });
  assert.throws(() => client.emitRaw("say", "text"), TypeError);
  await assert.rejects(client.ask("sum", () => 1), TypeError);
  await assert.rejects(client.join("no spaces"), { code: "bad_name" });
});

test("client: the server's clock is known to about the round trip", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  while (client.rtt === undefined) await turn();
  assert.ok(Math.abs(client.serverTime() - Date.now()) < 20 + client.rtt);
});

test("client: a real cut heals, and the rooms with it", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server, { reconnect: { min: 10, max: 20 } });
  const room = await client.join("lobby");
  const again = heard((handler) => room.onJoined(handler));
  server.cut();
  await again;
  assert.deepEqual([client.state, client.id, [...room.members.keys()]], ["open", 2, [2]]);
});

test("client: close() ends the socket with 1000", async (t) => {
  const server = await startFakeServer(t);
  const client = await join(t, server);
  const { socket } = server.connections.get(1);
  client.close();
  assert.equal((await once(socket, "close"))[0], 1000);
});

test("client: the type declarations name every method, and no other", () => {
  const types = readFileSync(new URL("../client/troupe.d.ts", import.meta.url), "utf8");
  for (const kind of [Client, Room]) {
    const body = types.split(`export class ${kind.name} `)[1].split("\n}")[0];
    const declared = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(<:]/gm)].map(([, name]) => name);
    const methods = Object.getOwnPropertyNames(kind.prototype);
    const missing = methods.filter((name) => name !== "constructor" && !declared.includes(name));
    assert.deepEqual(missing, [], `missing in ${kind.name}`);
    const fields = kind === Room ? Object.keys(new Room("x")) : [];
    const known = [...methods, ...fields];
    assert.deepEqual(declared.filter((name) => !known.includes(name)), [], `extra in ${kind.name}`);
  }
});
