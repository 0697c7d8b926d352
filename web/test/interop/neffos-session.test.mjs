/**
 * The recorded session once more, driven by the unmodified neffos.js of npm: what it tells its user
 * about this server is what it told about the Go server. What differs on purpose is in `changes`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { NeffosLog, pause, until } from "./neffos-log.mjs";
import { readSession } from "./recording.mjs";

const log = new NeffosLog();
const spaces = {}; // connected namespaces, by client
let neffos;
let server;
let url;
let a;
let b;
let c;

before(async () => {
  if (skip) return;
  neffos = await import("neffos.js");
  server = await startInteropServer();
  url = `${server.socketUrl}/ws`;
});

after(() => server?.stop());

/** Here the server does better than the Go one, with the row of the checklist. */
const changes = {
  "leaveAll of neffos.js": { rows: "R14", change: () => [
    "=> leaveAll: null", "A has room1=false", left("A", "room1"), left("A", "room1"),
  ] },
  "client close": { rows: "R14", change: (lines) => lines.filter((line) => !/room1/.test(line)) },
};

const steps = {
  "dial + ack": ["A01, A02", async () => {
    a = await log.result("dial", neffos.dial(url, clientOf("A")));
    log.say(`ID=${a.ID}`);
  }],
  "namespace connect": ["N01, N05", async () => {
    spaces.a = await log.result("connect default", a.connect("default"));
  }],
  "connect again (already connected locally)": ["N03", async () => {
    assert.equal(await log.result("connect default", a.connect("default")), spaces.a);
  }],
  "forbidden namespace": ["N01", () => log.result("connect forbidden", a.connect("forbidden"))],
  "unknown-to-server namespace": ["N02", () => log.result("connect unknown", a.connect("unknown"))],
  "escaping": ["C02, N04", async () => {
    const space = await log.result("connect semi;colon", a.connect("semi;colon"));
    await log.result("ask ev;ent", space.ask("ev;ent", "a;b;c"));
  }],
  "emit echo": ["C01, E01", () => {
    const texts = ["hello", "semi;colons;;in body", "", "日本語 ✓"];
    texts.forEach((text) => spaces.a.emit("echo", text));
  }],
  "ask / reply": ["K01, E03", () => log.result("ask", spaces.a.ask("ask", "ping"))],
  "ask / empty reply": ["C06", () => {}],
  "ask / error": ["C04, E04", () => log.result("ask fail", spaces.a.ask("fail", "why"))],
  "emit to failing event (no wait)": ["E05", () => spaces.a.emit("fail", "nowait")],
  "ask, handler returns nil": ["E06", () => log.result("ask silent", silence())],
  "undeclared event -> OnAnyEvent": ["E02", () => spaces.a.emit("nope", "x")],
  "server asks client": ["K02", async () => {
    spaces.a.emit("ask-me", "q1");
    await pause(50);
    spaces.a.emit("ask-me", "bad");
  }],
  "binary": ["C05", () => {
    spaces.a.emitBinary("echo", new Uint8Array([0, 1, 59, 59, 255, 128]));
    spaces.a.emitBinary("echo", new Uint8Array([]));
  }],
  "Uint8Array body with emit (text)": ["E15", () => {
    spaces.a.emit("echo", new TextEncoder().encode("u8text"));
  }],
  "room join": ["R01, R02", () => log.result("join room1", spaces.a.joinRoom("room1"))],
  "room join refused": ["R01", () => log.result("join noentry", spaces.a.joinRoom("noentry"))],
  "second client": ["R08", async () => {
    b = await log.result("dial", neffos.dial(url, clientOf("B")));
    spaces.b = await log.result("connect", b.connect("default"));
    await log.result("join", spaces.b.joinRoom("room1"));
  }],
  "third client, in namespace, not in room": ["R08", async () => {
    c = await log.result("dial", neffos.dial(url, clientOf("C")));
    spaces.c = await log.result("connect", c.connect("default"));
  }],
  "room broadcast, not self": ["B01, B02", () => {
    spaces.a.room("room1").emit("chat", "to the room");
  }],
  "namespace broadcast, not self": ["B01, B02", () => spaces.a.emit("chat", "to the namespace")],
  "namespace broadcast, self too": ["B08", () => spaces.a.emit("chat-all", "everyone")],
  "binary room broadcast": ["B05", () => {
    const fields = { Namespace: "default", Room: "room1", Event: "chat", SetBinary: true };
    const Body = new Uint8Array([1, 2, 59, 3]);
    a.write(Object.assign(new neffos.Message(), fields, { Body }));
  }],
  "room emit without join (client side check)": ["R10", () => {
    log.say(`write=${new neffos.Room(spaces.a, "elsewhere").emit("chat", "x")}`);
  }],
  "server pulls client into a room": ["R06", async () => {
    spaces.a.emit("pull-in", "room2");
    await until(() => spaces.a.room("room2"), "the server's pull");
    log.say(`has room2=${spaces.a.rooms.has("room2")}`);
  }],
  "server pushes client out": ["R07", async () => {
    spaces.a.emit("push-out", "room2");
    await until(() => !spaces.a.room("room2"), "the server's push");
    log.say(`has room2=${spaces.a.rooms.has("room2")}`);
  }],
  "room leave": ["R04", async () => {
    await log.result("leave", spaces.b.room("room1").leave());
    log.say(`B has room1=${spaces.b.rooms.has("room1")}`);
  }],
  "room leave refused": ["R04", async () => {
    const room = await log.result("join sticky", spaces.b.joinRoom("sticky"));
    await log.result("leave sticky", room.leave());
    log.say(`B has sticky=${spaces.b.rooms.has("sticky")}`);
  }],
  "leaveAll of neffos.js": ["R14", async () => {
    await log.result("leaveAll", spaces.a.leaveAll());
    await until(() => spaces.a.rooms.size === 0, "the end of the membership");
    log.say(`A has room1=${spaces.a.rooms.has("room1")}`);
  }],
  "leave an unjoined room": ["R05", () => {
    return log.result("leave", new neffos.Room(spaces.a, "elsewhere").leave());
  }],
  "namespace disconnect by client": ["N07", async () => {
    await log.result("disconnect", spaces.c.disconnect());
    log.say(`C ns=${c.namespace("default")}`);
  }],
  "connect anew after disconnect": ["N10", async () => {
    spaces.c = await log.result("connect", c.connect("default"));
  }],
  "namespace disconnect by server": ["N09", async () => {
    spaces.c.emit("ns-kick", "");
    await until(() => !c.namespace("default"), "the server's disconnect");
    log.say(`C ns=${c.namespace("default")}`);
  }],
  'native: connect ""': ["V01, N04", async () => {
    spaces.native = await log.result('connect ""', a.connect(""));
  }],
  "native: raw send": ["V03", () => {
    const fields = { Namespace: "", IsNative: true, Body: "raw text" };
    log.say(`write=${a.write(Object.assign(new neffos.Message(), fields))}`);
  }],
  "native: full form from server": ["V04", () => spaces.native.emit("native-please", "x")],
  "server kick": ["E08, H19", async () => {
    spaces.b.emit("kick", "");
    await until(() => b.isClosed(), "the kick");
    log.say(`B closed=${b.isClosed()}`);
  }],
  "client close": ["E08", () => [a, c].forEach((client) => client.close())],
  "rejected dial (H)": ["A03", () => {
    const options = { headers: { "X-Refuse": "no room at the inn" } };
    return log.result("dial", neffos.dial(url, clientOf("D"), options));
  }],
  "rejected dial through URL parameter": ["A03, H04", () => {
    const refused = `${url}?X-Websocket-Header-X-Refuse=by%20url`;
    return log.result("dial", neffos.dial(refused, clientOf("E")));
  }],
  "force-connected in OnConnect": ["N06, S01", async () => {
    const options = { headers: { "X-Force": "forced" } };
    const client = await log.result("dial", neffos.dial(url, clientOf("F"), options));
    await until(() => client.namespace("forced"), "the server's connect");
    log.say(`forced ns=${client.namespace("forced") !== undefined} ID=${client.ID}`);
    client.close();
  }],
  "reconnect": ["H02, H06, S09", reconnect],
};

const sections = readSession("neffos-session.txt");

test("neffos.js: every recorded section is played", () => {
  assert.deepEqual(Object.keys(steps), sections.map(({ name }) => name));
});

for (const { name, heard } of sections) {
  const [rows, step] = steps[name];
  const { change = (lines) => lines, rows: better } = changes[name] ?? {};
  const title = `neffos.js: ${name} (${rows}${better ? `; better by ${better}` : ""})`;
  test(title, { skip, timeout: 10_000 }, async () => {
    await step();
    await log.matches(change(heard));
  });
}

test("neffos.js: the greeting behind each connect reply arrives (A15.1)", { skip }, () => {
  assert.deepEqual(log.greetings.map(({ who }) => who), ["A", "B", "C", "C", "K", "K"]);
});

// -- helpers --------------------------------------------------------------------------------------

/** What each client declares. */
function clientOf(who) {
  const answerQuestion = ({ Event, Body }) => {
    if (Event !== "question") return null;
    return Body === "bad" ? new Error("client refuses") : neffos.reply(`js:${Body}`);
  };
  const native = { _OnNamespaceConnected: log.handler(who), _OnNativeMessage: log.handler(who) };
  const names = ["forbidden", "unknown", "semi;colon", "forced"];
  const others = Object.fromEntries(names.map((name) => [name, log.handlers(who)]));
  return { default: log.handlers(who, answerQuestion), ...others, "": native };
}

function silence() {
  const late = pause(600).then(() => Promise.reject(new Error("TIMEOUT(600)")));
  return Promise.race([spaces.a.ask("silent", "x"), late]);
}

/** A kick, and neffos.js comes back by itself, with its namespace and its room. */
async function reconnect() {
  const tries = [];
  let space;
  const declared = clientOf("K");
  const write = declared.default._OnAnyEvent;
  declared.default._OnNamespaceConnected = (ns, message) => {
    tries.push(ns.conn.reconnectTries);
    space = ns;
    return write(ns, message);
  };
  const client = await log.result("dial", neffos.dial(url, declared, { reconnect: 100 }));
  const first = await log.result("connect", client.connect("default"));
  await log.result("join", first.joinRoom("room9"));
  first.emit("kick", "");
  await until(() => tries.length === 2 && space.rooms.size === 1, "the reconnection");
  log.say(`tries=${JSON.stringify(tries)}`);
  await log.result("ask tries", space.ask("tries", ""));
  log.say(`rooms=${[...space.rooms.keys()]}`);
  space.conn.close();
}

function left(who, room) {
  return `${who} EVENT _OnRoomLeft ns="default" room="${room}" body=undefined err=undefined `
    + "local=true forced=undefined native=undefined bin=undefined";
}
