/** Sessions that outlive their sockets: by fake means, and with the real server on a bad network. */
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "node:test";
import { WebSocket } from "ws";
import { Resumption, isCounted } from "../client/resume.js";
import { connect } from "../client/troupe.js";
import { CuttingRelay } from "./cutting-relay.mjs";
import { ManualTimers, fakeSockets, turn } from "./fake-socket.mjs";
import { startProgram } from "./program.mjs";

const token = "0123456789abcdef0123456789abcdef";
const next = "fedcba9876543210fedcba9876543210";

function sessionOf(outcome, more = {}) {
  return { session: { outcome, token, received: 0, grace_ms: 1000, ring_bytes: 8192, ...more } };
}

/** A client whose server keeps sessions, and what it heard of its connection. */
async function connected(options = {}) {
  const timers = new ManualTimers();
  const sockets = fakeSockets();
  const promise = connect("ws://server/demo", { timers, WebSocket: sockets, ...options });
  sockets.last.accept({ extra: sessionOf("new") });
  const client = await promise;
  await turn();
  const heard = [];
  client.onOpen(({ resync }) => heard.push(resync ? "resync" : "open"));
  client.onResume(() => heard.push("resume"));
  const cut = (how, code = 1006) => {
    sockets.last.end(code);
    timers.advance(250);
    if (how) sockets.last.accept(how);
  };
  return { client, timers, sockets, heard, cut };
}

function eventsSent(socket) {
  return socket.sent.filter(({ op }) => op === "event").map(({ payload }) => payload[0]);
}

test("resume: ordered messages count, but not what belongs to the connection", () => {
  for (const first of [0x01, 0x02, 0x05, 0x0d, 0x21, 0x0f]) {
    assert.equal(isCounted(new Uint8Array([first])), true, `${first}`);
  }
  for (const first of [0x00, 0x0c, 0x0e, 0x41, 0x81, 0x6a]) {
    assert.equal(isCounted(new Uint8Array([first])), false, `${first}`);
  }
  assert.equal(isCounted(new Uint8Array()), false);
});

test("resume: what was not confirmed is kept, and nothing else is believed", () => {
  const resumption = new Resumption(1000);
  assert.equal(resumption.offer(), "troupe.resume");
  resumption.begin(sessionOf("new").session);
  for (const n of [1, 2, 3]) resumption.sent(new Uint8Array([1, n]));
  resumption.sent(new Uint8Array([0x41, 9]));
  assert.equal(resumption.confirm(2), true);
  assert.deepEqual(resumption.unconfirmed, [new Uint8Array([1, 3])]);
  assert.equal(resumption.confirm(1), false);
  assert.equal(resumption.confirm(4), false);
  resumption.count(new Uint8Array([1]));
  assert.equal(resumption.offer(), `troupe.resume.${token}.1.1`);
  assert.equal(resumption.offer(), `troupe.resume.${token}.1.2`);
});

test("resume: a client asks for a session, and for the same one after a cut", async () => {
  const { sockets, cut, heard, client } = await connected();
  assert.deepEqual(sockets.all[0].protocols, ["troupe.v1", "troupe.resume"]);
  cut({ id: client.id, extra: sessionOf("resumed", { token: next }) });
  assert.deepEqual(sockets.last.protocols, ["troupe.v1", `troupe.resume.${token}.0.1`]);
  assert.deepEqual(heard, ["resume"]);
  assert.equal(client.state, "open");
  cut();
  assert.deepEqual(sockets.last.protocols, ["troupe.v1", `troupe.resume.${next}.0.2`]);
});

test("resume: what may be lost is sent again, what waited is sent behind it", async () => {
  const { client, sockets, cut } = await connected();
  for (const n of [1, 2, 3]) assert.equal(client.emit("say", n), true);
  sockets.last.end(1006);
  assert.equal(client.emit("say", 4), true);
  assert.equal(client.droppable().emit("say", 0), false);
  assert.equal(client.latest(1).emit("say", 5), true);
  assert.equal(client.latest(1).emit("say", 6), true);
  const answer = client.ask("sum", 1);
  cut({ extra: sessionOf("resumed", { received: 2 }) });
  assert.deepEqual(eventsSent(sockets.last), [3, 4, 6]);
  const { ask } = sockets.last.sent.find(({ op }) => op === "ask");
  sockets.last.give({ op: "reply", ask, payload: [7] });
  assert.equal(await answer, 7);
});

test("resume: a session that is over is said to be", async () => {
  for (const extra of [sessionOf("resync", { token: next }), {}]) {
    const { client, heard, cut, sockets } = await connected();
    const answer = client.ask("sum", 1);
    client.emit("say", 1);
    cut({ id: 2, extra });
    await assert.rejects(answer, { code: "connection_lost" });
    assert.deepEqual(heard, ["resync"]);
    assert.deepEqual(eventsSent(sockets.last), []);
  }
});

test("resume: a server that closes keeps nothing", async () => {
  const { client, heard, cut, sockets } = await connected();
  const answer = client.ask("sum", 1);
  cut({ extra: sessionOf("new") }, 1013);
  await assert.rejects(answer, { code: "connection_lost" });
  assert.deepEqual(sockets.last.protocols, ["troupe.v1", "troupe.resume"]);
  assert.deepEqual(heard, ["resync"]);
});

test("resume: a server that counts wrongly is not believed", async () => {
  const { sockets, cut, timers, heard } = await connected();
  cut({ extra: sessionOf("resumed", { received: 5 }) });
  timers.advance(1_000);
  assert.deepEqual(sockets.last.protocols, ["troupe.v1", "troupe.resume"]);
  sockets.last.accept({ extra: sessionOf("new") });
  assert.deepEqual(heard, ["resync"]);
});

test("resume: what waits is bounded", async () => {
  const { client, sockets } = await connected({ outbox: 100 });
  sockets.last.end(1006);
  let taken = 0;
  while (client.emitRaw("say", new Uint8Array(20)) && taken < 100) taken += 1;
  assert.ok(taken > 2 && taken < 6, `${taken}`);
});

const skip = !process.env.TROUPE_BIN && "needs TROUPE_BIN";

test("resume: on a bad network nothing is lost, repeated or exchanged", { skip }, async (t) => {
  const server = await startProgram(process.env.TROUPE_BIN, ["serve", "--listen", "127.0.0.1:0"]);
  const relay = await new CuttingRelay(Number(new URL(server.url).port)).start();
  const reconnect = { min: 2, max: 5 };
  const client = await connect(`ws://127.0.0.1:${relay.port}/demo`, { WebSocket, reconnect });
  const echo = await connect(`${server.url}/demo`, { WebSocket });
  t.after(async () => {
    client.close();
    echo.close();
    await relay.stop();
    await server.stop();
  });
  const [room, other] = [await client.join("lobby"), await echo.join("lobby")];
  const [up, down] = [[], []];
  let resyncs = 0;
  let resumes = 0;
  other.on("say", (sender, n) => other.emit("say", up[up.push(n) - 1]));
  room.on("say", (sender, n) => down.push(n));
  client.onOpen(({ resync }) => { resyncs += resync ? 1 : 0; });
  client.onResume(() => { resumes += 1; });
  relay.within = 1_000;
  relay.cutAll();
  let sent = 0;
  while (relay.cuts < 150) {
    assert.equal(room.emit("say", ++sent), true);
    await wait(10);
  }
  relay.within = 0;
  relay.cutAll();
  const deadline = Date.now() + 10_000;
  while (down.length < sent && Date.now() < deadline) await wait(10);
  const all = Array.from({ length: sent }, (_, i) => i + 1);
  assert.equal(resyncs, 0);
  assert.ok(resumes > 20, `${resumes}`);
  assert.deepEqual(up, all);
  assert.deepEqual(down, all);
});
