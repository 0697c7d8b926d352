import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../client/troupe.js";
import { ManualTimers, fakeSockets, turn } from "./fake-socket.mjs";

/** A client that is connected by fake means, and those means. */
async function connected(options = {}) {
  const { timers, sockets, client: promise } = connecting(options);
  sockets.last.accept();
  const client = await promise;
  await turn();
  return { client, timers, sockets };
}

function connecting(options = {}) {
  const timers = new ManualTimers();
  const sockets = fakeSockets();
  const client = connect("ws://server/demo", { timers, WebSocket: sockets, ...options });
  return { timers, sockets, client };
}

test("reconnect: the first failure is the caller's", async () => {
  const { sockets, timers, client } = connecting();
  sockets.last.end();
  await assert.rejects(client, { code: "connection_lost" });
  timers.advance(60_000);
  assert.equal(sockets.all.length, 1);
  assert.equal(timers.waiting, 0);
});

test("reconnect: a server that says nothing is given up", async () => {
  const { sockets, timers, client } = connecting({ timeout: 3_000 });
  timers.advance(2_999);
  assert.equal(sockets.last.closed, undefined);
  timers.advance(1);
  await assert.rejects(client, { code: "timed_out" });
  assert.equal(sockets.last.closed.code, 1000);
});

test("reconnect: a server of another protocol or version is refused for good", async () => {
  for (const wrong of [{ protocol: "" }, { version: 2 }]) {
    const { sockets, timers, client } = connecting();
    sockets.last.accept(wrong);
    await assert.rejects(client, { code: "protocol_error" });
    timers.advance(60_000);
    assert.equal(sockets.all.length, 1);
  }
});

test("reconnect: the delays double up to the greatest, each a random share", async () => {
  const { client, timers, sockets } = await connected({ reconnect: { min: 100, max: 1_000 } });
  const retries = [];
  client.onReconnecting((retry) => retries.push(retry));
  timers.chance = 0.5;
  sockets.last.end(1006);
  for (let attempt = 0; attempt < 6; ++attempt) {
    timers.advance(retries.at(-1).delay);
    sockets.last.end(1006);
  }
  assert.deepEqual(retries.map(({ delay }) => delay), [50, 100, 200, 400, 500, 500, 500]);
  assert.deepEqual(retries.map(({ attempt }) => attempt), [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(client.state, "reconnecting");
});

test("reconnect: the jitter is full: from no delay at all to the whole", async () => {
  for (const [chance, delay] of [[0, 0], [0.999, 99.9]]) {
    const { client, timers, sockets } = await connected({ reconnect: { min: 100 } });
    timers.chance = chance;
    let retry;
    client.onReconnecting((one) => { retry = one; });
    sockets.last.end();
    assert.equal(retry.delay, delay);
  }
});

test("reconnect: a short success does not reset the delays, a long one does", async () => {
  const { client, timers, sockets } = await connected({ reconnect: { min: 100 }, timeout: 1e9 });
  const delays = [];
  client.onReconnecting(({ delay }) => delays.push(delay));
  for (const lasting of [10, 10, 5_000]) {
    timers.advance(lasting);
    sockets.last.end();
    timers.advance(delays.at(-1));
    sockets.last.accept();
    await turn();
  }
  assert.deepEqual(delays, [50, 100, 50]);
});

test("reconnect: attempts can be limited", async () => {
  const { client, timers, sockets } = await connected({ reconnect: { attempts: 2 } });
  const closed = [];
  client.onClose((end) => closed.push(end));
  for (let cut = 0; cut < 3; ++cut) {
    sockets.last.end(1013, "too slow");
    timers.advance(10_000);
  }
  assert.equal(sockets.all.length, 3);
  assert.deepEqual(closed, [{ code: 1013, reason: "too slow" }]);
  assert.equal(client.state, "closed");
  assert.equal(timers.waiting, 0);
});

test("reconnect: not when it is off, nor when the server closed normally", async () => {
  for (const [options, code] of [[{ reconnect: false }, 1006], [{}, 1000]]) {
    const { client, timers, sockets } = await connected(options);
    sockets.last.end(code);
    timers.advance(60_000);
    assert.equal(client.state, "closed");
    assert.equal(sockets.all.length, 1);
  }
});

test("reconnect: asks that wait are rejected, and nothing is sent meanwhile", async () => {
  const { client, timers, sockets } = await connected();
  const asked = client.ask("sum", 1, 2);
  sockets.last.end();
  await assert.rejects(asked, { code: "connection_lost" });
  assert.equal(client.emit("move", 1), false);
  await assert.rejects(client.ask("sum", 1), { code: "connection_lost" });
  timers.advance(250);
  sockets.last.accept({ id: 2 });
  await turn();
  assert.equal(client.id, 2);
  assert.equal(client.emit("move", 1), true);
});

test("reconnect: rooms are joined again with their arguments, as the same objects", async () => {
  const { client, timers, sockets } = await connected();
  const joining = client.join("arena", "red", 7);
  answerJoin(sockets.last, 3, [[1, null], [9, "zoe"]]);
  const room = await joining;
  const heard = [];
  room.on("move", (sender, x) => heard.push([sender, x]));
  room.onJoined((again) => heard.push(again === room));
  sockets.last.end();
  assert.equal(room.joined, false);
  assert.equal(room.emit("move", 1), false);

  timers.advance(250);
  sockets.last.accept({ id: 2 });
  await turn();
  assert.deepEqual(sockets.last.all("join")[0].payload, ["red", 7]);
  answerJoin(sockets.last, 5, [[2, null]]);
  await turn();
  assert.equal(client.rooms.get("arena"), room);
  assert.deepEqual([room.number, room.joined, [...room.members.keys()]], [5, true, [2]]);
  sockets.last.give({ op: "room_event", room: 5, sender: 4, name: "move", payload: [8] });
  assert.deepEqual(heard, [true, [4, 8]]);
});

test("reconnect: a room that refuses us then is left", async () => {
  const { client, timers, sockets } = await connected();
  const joining = client.join("arena");
  answerJoin(sockets.last, 3, []);
  const room = await joining;
  const reasons = [];
  const errors = [];
  room.onLeft((reason) => reasons.push(reason));
  client.onError(({ code }) => errors.push(code));
  sockets.last.end();
  timers.advance(250);
  sockets.last.accept();
  await turn();
  const { ask } = sockets.last.all("join")[0];
  sockets.last.give({ op: "error", ask, code: 9, text: "full" });
  await turn();
  assert.deepEqual([reasons, errors, client.rooms.size], [["refused"], ["room_refused"], 0]);
});

test("reconnect: a room that is left meanwhile is not joined again", async () => {
  const { client, timers, sockets } = await connected();
  const joining = client.join("arena");
  answerJoin(sockets.last, 3, []);
  const room = await joining;
  sockets.last.end();
  await room.leave();
  timers.advance(250);
  sockets.last.accept();
  await turn();
  assert.equal(sockets.last.all("join").length, 0);
  assert.equal(client.rooms.size, 0);
});

test("reconnect: close() ends it, with nothing left behind", async () => {
  const { client, timers, sockets } = await connected();
  sockets.last.end();
  client.close();
  assert.equal(timers.waiting, 0);
  assert.equal(client.state, "closed");
  const other = await connected();
  const asked = other.client.ask("sum");
  other.client.close();
  await assert.rejects(asked, { code: "closed" });
  assert.equal(other.timers.waiting, 0);
  assert.equal(other.sockets.last.closed.code, 1000);
});

test("reconnect: a server that falls silent is left", async () => {
  const { client, timers, sockets } = await connected({ heartbeat: 1_000, timeout: 4_000 });
  const [exchange] = sockets.last.all("clock");
  sockets.last.give({ op: "clock", time: exchange.time, serverTime: 1e9 });
  timers.advance(3_000);
  assert.equal(client.state, "open");
  timers.advance(3_000);
  assert.equal(client.state, "reconnecting");
  assert.equal(sockets.all.length, 2);
});

function answerJoin(socket, room, payload) {
  const { ask, name } = socket.all("join").at(-1);
  socket.give({ op: "joined", ask, room, name, count: payload.length, payload });
}
