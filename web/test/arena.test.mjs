/**
 * The arena in two real pages, among fifty bots of `troupe load`, with the program TROUPE_BIN. One of
 * the pages has a network that is cut. A screenshot goes to TROUPE_ARENA_SCREENSHOT.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, openPageFor, sees, whyNoPages } from "./chromium.mjs";
import { CuttingRelay } from "./cutting-relay.mjs";
import { startProgram } from "./program.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const screenshot = resolve(root, process.env.TROUPE_ARENA_SCREENSHOT ?? "build/arena.png");
const program = process.env.TROUPE_BIN && resolve(root, process.env.TROUPE_BIN);
const skip = program ? await whyNoPages() : "needs TROUPE_BIN";
const botCount = 50;
const complaints = [];
let server;
let relay;
let browser;
let bots;
let anna;
let ben;

before(async () => {
  if (skip) return;
  server = await startProgram(program, ["serve", "--listen", "127.0.0.1:0"]);
  relay = await new CuttingRelay(Number(new URL(server.url).port)).start();
  browser = await openBrowser();
  anna = await openPage("Anna", `http://127.0.0.1:${relay.port}`);
  ben = await openPage("Ben", server.url);
  bots = startBots();
});

after(async () => {
  await browser?.close();
  await bots?.stop();
  await relay?.stop();
  await server?.stop();
});

test("arena: two pages and the bots are on one field", { skip }, async () => {
  const isFull = (least) => troupeArena.arena.state.state.ships.size >= least;
  for (const page of [anna, ben]) await sees(page, isFull, botCount + 2);
  const knows = (name) => [...troupeArena.arena.state.state.ships.values()].some((ship) => ship.name === name);
  await sees(anna, knows, "Ben");
  await sees(ben, knows, "Anna");
  await sees(anna, () => document.querySelectorAll("#scores li").length >= 8);
  await sees(ben, () => /^5\d ships, \d+ rocks near, \d+ ms$/.test(document.querySelector("#facts").textContent));
});

test("arena: each sees the other's ship fly", { skip }, async () => {
  for (const [pilot, watcher] of [[anna, ben], [ben, anna]]) {
    const id = await pilot.evaluate(() => troupeArena.arena.playerId);
    await pilot.keyboard.down("ArrowUp");
    await sees(watcher, (who) => troupeArena.arena.state.state.ships.get(who).thrusts, id);
    const start = await placeOf(watcher, id);
    await sees(watcher, ([who, { x, y }]) => {
      const ship = troupeArena.arena.state.state.ships.get(who);
      return Math.abs(ship.x - x) + Math.abs(ship.y - y) > 60;
    }, [id, start]);
    await pilot.keyboard.up("ArrowUp");
    await sees(watcher, (who) => !troupeArena.arena.state.state.ships.get(who).thrusts, id);
  }
});

test("arena: one's own ship answers before the server does", { skip }, async () => {
  const turned = await sees(anna, () => {
    const { own } = troupeArena;
    const soon = performance.now() + 100;
    const straight = own.at(soon)?.heading;
    if (straight === undefined) return false; // it was shot down
    dispatchEvent(new KeyboardEvent("keydown", { code: "ArrowLeft" }));
    const { heading } = own.at(soon);
    dispatchEvent(new KeyboardEvent("keyup", { code: "ArrowLeft" }));
    return heading !== straight && [heading - straight]; // without news for long it is not guessed
  });
  const [by] = await turned.jsonValue();
  assert.ok(by < -0.2 && by > -0.7, `${by} rad within 100 ms`);
});

test("arena: a cut costs neither ship nor score", { skip }, async () => {
  const known = () => ({ id: troupeArena.arena.playerId, connection: troupeArena.client.id });
  const first = await anna.evaluate(known);
  await anna.evaluate(() => {
    troupeArena.resumes = 0;
    troupeArena.client.onResume(() => { troupeArena.resumes += 1; });
  });
  for (let cut = 1; cut <= 5; ++cut) {
    relay.cutAll();
    await sees(anna, (count) => troupeArena.resumes === count, cut);
  }
  assert.deepEqual(await anna.evaluate(known), first);
  const tick = await anna.evaluate(() => troupeArena.arena.state.tick);
  await sees(anna, (old) => troupeArena.arena.state.tick > old + 30, tick);
  assert.equal(await anna.locator("#status").isHidden(), true);
  await sees(ben, (id) => troupeArena.arena.state.state.ships.get(id)?.name === "Anna", first.id);
});

test("arena: a page that is loaded again keeps its ship", { skip }, async () => {
  const known = () => ({ room: troupeArena.arena.id, player: troupeArena.arena.playerId });
  const first = await ben.evaluate(known);
  const leaveAndComeBack = () => ben.goto(server.url).then(() => ben.goBack());
  for (const load of [() => ben.reload(), () => ben.reload(), leaveAndComeBack]) {
    await load();
    await sees(ben, () => globalThis.troupeArena);
    assert.deepEqual(await ben.evaluate(known), first);
  }
  await sees(ben, () => {
    const { arena } = troupeArena;
    return arena.state.state.ships.get(arena.playerId)?.name === "Ben";
  });
});

test("arena: a picture for people, and how smooth it was", { skip }, async (t) => {
  await anna.bringToFront();
  await anna.keyboard.down("ArrowUp");
  const frames = () => troupeArena.scene.frames;
  const [first, began] = [await anna.evaluate(frames), performance.now()];
  await anna.waitForTimeout(3_000);
  const rate = ((await anna.evaluate(frames)) - first) / ((performance.now() - began) / 1_000);
  t.diagnostic(`${rate.toFixed(1)} pictures per second`);
  assert.ok(rate > 1, "something is drawn");
  await sees(anna, () => troupeArena.arena.state.state.ships.get(troupeArena.arena.playerId).is_alive);
  await anna.waitForTimeout(500);
  await mkdir(dirname(screenshot), { recursive: true });
  const picture = await anna.screenshot({ path: screenshot });
  await anna.keyboard.up("ArrowUp");
  assert.ok(picture.length > 20_000, "the picture is not empty");
});

test("arena: the bots have nothing to complain about", { skip }, async () => {
  const { ended, connections, traffic, checks, server_errors: errors } = await bots.stop();
  assert.equal(ended, "interrupted");
  assert.deepEqual(connections.problems, {});
  assert.deepEqual(errors, {});
  assert.equal(connections.opened, botCount);
  assert.equal(connections.lost, 0);
  assert.ok(checks.lost <= traffic.sent / 100, `${checks.lost} of ${traffic.sent} inputs were not seen`);
  assert.equal(traffic.resyncs, 0);
  assert.ok(traffic.delivered > 0);
});

test("arena: nothing complained on the way", { skip }, () => {
  const isCut = (complaint) => /net::ERR_(CONNECTION|SOCKET|EMPTY)|WebSocket connection to/.test(complaint);
  assert.deepEqual(complaints.filter((complaint) => !isCut(complaint)), []);
});

// -- helpers --------------------------------------------------------------------------------------

async function openPage(name, url) {
  const page = await openPageFor(browser, name, `${url}/arena/`, { storage: { name }, complaints });
  await sees(page, () => globalThis.troupeArena);
  return page;
}

function placeOf(page, id) {
  return page.evaluate((who) => {
    const { x, y } = troupeArena.arena.state.state.ships.get(who);
    return { x, y };
  }, id);
}

/** `stop` ends them early, and gives their report. */
function startBots() {
  const args = ["load", "--scenario", "arena", "--bots", String(botCount), "--url", server.url.replace("http", "ws"),
    "--duration", "120s", "--warmup", "1s", "--quiet", "--json", "-"];
  const load = spawn(program, args);
  let report = "";
  load.stdout.on("data", (bytes) => (report += bytes));
  const ended = new Promise((done) => load.once("exit", done));
  const stop = async () => {
    load.kill("SIGINT");
    await ended;
    return JSON.parse(report);
  };
  return { stop };
}
