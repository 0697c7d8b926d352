/** Game rooms: motion between patches, and joining, playing and cuts with the real server. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { Motion, TickClock } from "../client/motion.js";
import {
  Interpolation, Prediction, connect, createRoom, findRooms, joinById, joinMatching, joinOrCreate, match,
  takeSeat, watchRooms,
} from "../client/troupe.js";
import { CuttingRelay } from "./cutting-relay.mjs";
import { startProgram } from "./program.mjs";

const repository = new URL("../../", import.meta.url);
const golden = JSON.parse(readFileSync(new URL("tests/golden/motion.json", repository), "utf8"));

for (const { name, periods, delay, samples, shown } of golden.lives) {
  test(`motion: as in C++: ${name}`, () => {
    const motion = new Motion(periods, delay);
    for (const { tick, values } of samples) motion.add(tick, values);
    for (const { now, values } of shown) {
      const found = motion.at(now);
      if (!values) {
        assert.equal(found, undefined);
        continue;
      }
      found.forEach((value, i) => assert.ok(Math.abs(value - values[i]) < 1e-9, `${now}: ${found}`));
    }
  });
}

test("tick clock: fast patches tell, little by little, and old ones fade", () => {
  const clock = new TickClock(20);
  clock.arrived(10, 580); // 80 ms late
  assert.equal(clock.at(580), 10);
  clock.arrived(12, 630); // 30 ms late
  assert.equal(clock.at(630), 11.125);
  clock.arrived(14, 900); // late: does not count
  assert.ok(Math.abs(clock.at(630) - 11.125) < 0.01);
  for (let tick = 15; tick < 100; ++tick) clock.arrived(tick, tick * 50 + 30);
  assert.ok(Math.abs(clock.at(5_030) - 100) < 0.01);
  for (let tick = 100; tick < 1_000; ++tick) clock.arrived(tick, tick * 50 + 60); // a longer way
  assert.ok(Math.abs(clock.at(50_060) - 1_000) < 0.01);
});

/** What an Interpolation needs of a game: times are ticks. */
function gameByHand() {
  const handlers = {};
  const things = new Map();
  const on = (name) => (map, handler) => (handlers[name] = handler);
  return {
    ticksPerSecond: 1_000,
    tickAt: (now) => now,
    onPatch: (handler) => (handlers.patch = handler),
    state: {
      tick: 0, state: { things }, onEntered: on("entered"), onChanged: on("changed"), onLeft: on("left"),
    },
    patch(tick, id, thing) {
      if (!thing) handlers.left(id, things.get(id), true);
      else handlers[things.has(id) ? "changed" : "entered"](id, thing);
      if (thing) things.set(id, thing);
      else things.delete(id);
      handlers.patch(tick);
    },
  };
}

test("interpolation: entities come and go as late as they move", () => {
  const game = gameByHand();
  const things = new Interpolation(game, "things", { fields: ["x"], delay: 2 });
  const shown = (now) => [...things.at(now)].map(([id, { x, name }]) => [id, x, name]);
  game.patch(10, 1, { x: 100, name: "a" });
  assert.deepEqual(shown(11.9), []);
  assert.deepEqual(shown(12), [[1, 100, "a"]]);
  game.patch(12, 1, { x: 120, name: "a" });
  assert.deepEqual(shown(13), [[1, 110, "a"]]);
  game.patch(14, 1);
  assert.deepEqual(shown(14.5), [[1, 120, "a"]]);
  assert.deepEqual(shown(15.9), [[1, 120, "a"]]);
  assert.deepEqual(shown(16), []);
  game.patch(20, 1, { x: 7, name: "b" });
  game.patch(21, 1);
  game.patch(22, 1, { x: 9, name: "c" });
  assert.deepEqual(shown(23), []);
  assert.deepEqual(shown(24), [[1, 9, "c"]]);
});

test("prediction: what one's own entity sends out begins where it is drawn", () => {
  const game = gameByHand();
  const handlers = [];
  const onPatch = (handler) => handlers.push(handler);
  Object.assign(game, { playerId: 1, arrivalTick: (now) => now, onPatch });
  game.state.state.ships = new Map([[1, { x: 95 }]]);
  const own = new Prediction(game, "ships", {
    fields: ["x"], wraps: { x: 100 }, step: (ship, input, seconds) => { ship.x += 1_000 * seconds; },
  });
  const shown = (now, shots, past) =>
    [...own.lead(shots, ({ by }) => by === 1, past, now, 100)].map(([id, { x }]) => [id, x]);
  const shots = [[7, { x: 20, by: 1 }], [8, { x: 30, by: 2 }]];
  assert.deepEqual(shown(5, [shots[0]], { x: 90 }), [[7, 20]]); // nothing is known of the ship yet
  assert.deepEqual(shown(5, []), []);
  for (const handler of handlers) handler(10); // where it was at tick 10
  assert.equal(own.at(18).x, 103);
  assert.deepEqual(shown(18, shots, { x: 98 }), [[7, 25], [8, 30]]); // the short way round
  assert.deepEqual(shown(68, shots, { x: 0 }), [[7, 22.5], [8, 30]]); // it comes nearer its place
  assert.deepEqual(shown(118, shots, { x: 0 }), [[7, 20], [8, 30]]);
  assert.deepEqual(shown(200, shots), [[7, 20], [8, 30]]);
});

// -- with the real server -------------------------------------------------------------------------

const skip = !process.env.TROUPE_BIN && "needs TROUPE_BIN";
const patience = 10_000;
let server;
let relay;
const clients = [];

before(async () => {
  if (skip) return;
  server = await startProgram(process.env.TROUPE_BIN, ["serve", "--listen", "127.0.0.1:0"]);
  relay = await new CuttingRelay(Number(new URL(server.url).port)).start();
});

after(async () => {
  for (const client of clients) client.close();
  await relay?.stop();
  await server?.stop();
});

async function visit(url = server.url) {
  const client = await connect(`${url}/rooms`, { WebSocket, reconnect: { min: 2, max: 5 } });
  clients.push(client);
  return client;
}

async function until(condition) {
  const deadline = Date.now() + patience;
  while (!condition() && Date.now() < deadline) await wait(5);
  assert.ok(condition(), String(condition));
}

const own = (game) => game.state.state.ships.get(game.playerId);

test("game: a room of one's own, found, watched, joined by its id", { skip }, async () => {
  const [ann, ben] = [await visit(), await visit()];
  const news = [];
  const stop = await watchRooms(ben, { kind: "arena" }, (change) => news.push(change));
  const request = { kind: "arena", metadata: { mode: "calm" }, filter: { mode: "calm" } };
  await assert.rejects(joinMatching(ben, request), { code: "refused" });
  const game = await createRoom(ann, request, "Ann");
  await until(() => news.some(({ present }) => present.some(({ id }) => id === game.id)));
  const [listed] = await findRooms(ben, { kind: "arena", filter: { mode: "calm" } });
  assert.equal(listed.id, game.id);
  assert.equal(listed.players, 1);
  assert.deepEqual(listed.metadata, { mode: "calm" });
  const other = await joinById(ben, game.id, "Ben");
  assert.equal(other.playerId, 2);
  await until(() => own(other)?.name === "Ben" && other.state.state.ships.get(1)?.name === "Ann");
  await game.leave();
  await until(() => other.state.state.ships.size === 1);
  stop();
});

test("game: passwords, unknown kinds and rooms are refused in a sentence", { skip }, async () => {
  const ann = await visit();
  const game = await createRoom(ann, { kind: "arena", password: "pw" }, "Ann");
  const ben = await visit();
  await assert.rejects(joinById(ben, game.id, "Ben", "no"), { code: "refused", message: /password/ });
  assert.equal((await joinById(ben, game.id, "Ben", "pw")).id, game.id);
  await assert.rejects(joinOrCreate(ben, { kind: "lake" }), { code: "refused", message: /kind/ });
  await assert.rejects(joinById(ben, "nowhere"), { code: "refused", message: /no such room/ });
  await assert.rejects(match(ben, { kind: "arena" }), { code: "refused", message: /kind/ });
});

test("game: inputs move one's ship, and refused ones are told", { skip }, async () => {
  const game = await createRoom(await visit(), { kind: "arena", private: true }, "Ann");
  const refused = [];
  game.onRefused((sequence, why) => refused.push([sequence, why]));
  await until(() => own(game));
  const { x, y } = own(game);
  assert.equal(game.input("steer", { turn: 1, thrust: true, fire: true }), 1);
  await until(() => own(game).x !== x && own(game).y !== y && own(game).thrusts);
  await until(() => game.state.state.shots.size > 0);
  assert.equal(game.input("steer", { turn: "left" }), 2);
  assert.equal(game.input("steer", { turn: 0, thrust: true, fire: true }, 1_000_000), 3);
  await until(() => refused.length === 2);
  assert.deepEqual(refused.map(([sequence]) => sequence).sort(), [2, 3]);
});

test("game: the room's ticks are known, and motion is even", { skip }, async () => {
  const game = await createRoom(await visit(), { kind: "arena", private: true }, "Ann");
  assert.equal(game.ticksPerSecond, 30);
  await until(() => game.state.tick > 20);
  const now = performance.now();
  assert.ok(Math.abs(game.tickAt(now) - game.state.tick) < 10);
  assert.ok(game.serverTick(now) >= game.tickAt(now));
  const rocks = new Interpolation(game, "rocks", {
    fields: ["x", "y"], wraps: { x: 3200, y: 2400 }, delay: 150,
  });
  await wait(400);
  const shown = [...rocks.at(performance.now())];
  assert.ok(shown.length > 10, `${shown.length} rocks in view`);
  const known = game.state.state.rocks;
  const there = shown.filter(([id]) => known.has(id));
  assert.ok(there.length > 10);
  for (const [id, rock] of there) assert.equal(rock.size, known.get(id).size);
});

test("game: cuts keep the ship, and both see the same in the end", { skip }, async () => {
  const far = await visit(`http://127.0.0.1:${relay.port}`);
  const request = { kind: "arena", metadata: { mode: "cut" }, filter: { mode: "cut" } };
  const game = await joinOrCreate(far, request, "Far");
  const near = await joinOrCreate(await visit(), request, "Near");
  assert.equal(near.id, game.id);
  let resumes = 0;
  let resyncs = 0;
  far.onResume(() => { resumes += 1; });
  far.onOpen(() => { resyncs += 1; });
  relay.within = 2_000;
  relay.cutAll();
  for (let turn = 1; relay.cuts < 40; turn = -turn) {
    assert.notEqual(game.input("steer", { turn, thrust: true, fire: false }), 0);
    await wait(15);
  }
  relay.within = 0;
  relay.cutAll();
  game.input("steer", { turn: 0, thrust: false, fire: false });
  assert.equal(resyncs, 0);
  assert.ok(resumes > 5, `${resumes}`);
  await until(() => far.state === "open" && game.state.tick > 0);
  const apart = () => {
    const [mine, theirs] = [own(game), near.state.state.ships.get(game.playerId)];
    return game.state.tick === near.state.tick ? [mine, theirs] : undefined;
  };
  await until(() => apart());
  assert.deepEqual(...apart());
});

test("game: a session that is lost costs neither ship nor what watches it", { skip }, async () => {
  const far = await visit(`http://127.0.0.1:${relay.port}`);
  const game = await createRoom(far, { kind: "arena", private: true }, "Far");
  const player = game.playerId;
  const left = [];
  game.room.onLeft((reason) => left.push(reason));
  await until(() => own(game));
  const entered = [];
  game.state.onEntered("rocks", (id) => entered.push(id));
  let resyncs = 0;
  far.onOpen(({ resync }) => { resyncs += resync; });
  relay.estranges = true;
  for (let cut = 1; cut <= 3; ++cut) {
    relay.cutAll();
    await until(() => resyncs === cut && game.room.joined);
    const { tick } = game.state;
    assert.equal(game.input("steer", { turn: 0, thrust: true, fire: false }), cut);
    await until(() => game.state.tick > tick + 5 && own(game).thrusts);
  }
  relay.estranges = false;
  assert.equal(game.playerId, player);
  assert.equal(own(game).name, "Far");
  assert.deepEqual(left, []);
  assert.equal(new Set(entered).size, entered.length, "what was known did not come again");
});

test("game: a seat is taken again from another connection, once", { skip }, async () => {
  const ann = await visit();
  const game = await createRoom(ann, { kind: "arena", private: true }, "Ann");
  await until(() => own(game));
  for (let i = 1; i <= 3; ++i) assert.equal(game.input("steer", { turn: 1, thrust: false, fire: false }), i);
  const first = game.seat;
  assert.equal(first.room, game.id);
  const left = new Promise((resolve) => game.room.onLeft(resolve));
  await until(() => own(game).heading > 0);
  const again = await takeSeat(await visit(), first); // the newest connection counts
  assert.equal(await left, "removed");
  assert.equal(again.playerId, game.playerId);
  await until(() => own(again)?.name === "Ann");
  assert.equal(again.input("steer", { turn: 0, thrust: false, fire: false }), 4);
  await assert.rejects(takeSeat(ann, first), { code: "room_refused", message: /no seat/ });
  assert.notDeepEqual(again.seat, first);
  await again.leave();
  await assert.rejects(takeSeat(ann, again.seat), { code: "room_refused" });
});

test("game: who closes for now comes back, who closes in order has left", { skip }, async () => {
  const ann = await visit();
  const game = await createRoom(ann, { kind: "arena" }, "Ann");
  const { id, playerId, seat } = game;
  ann.close({ comingBack: true });
  const ben = await visit();
  const again = await takeSeat(ben, seat);
  assert.equal(again.playerId, playerId);
  await until(() => own(again)?.name === "Ann");
  ben.close();
  const cleo = await visit();
  const kept = again.seat;
  const isThere = (room) => room.id === id && room.players > 0;
  while ((await findRooms(cleo, { kind: "arena" })).some(isThere)) await wait(5);
  await assert.rejects(takeSeat(cleo, kept), { code: "room_refused" });
});
