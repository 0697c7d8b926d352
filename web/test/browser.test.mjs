/**
 * Two real pages that see each other. The server is the one at TROUPE_URL, or the program
 * TROUPE_BIN, or else the fake server. A screenshot goes to TROUPE_SCREENSHOT.
 * Without Chromium or the npm packages the tests are skipped, unless TROUPE_REQUIRE_BROWSER is set.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, openPageFor, patience, sees, whyNoPages } from "./chromium.mjs";
import { startProgram } from "./program.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const screenshot = resolve(root, process.env.TROUPE_SCREENSHOT ?? "build/demo.png");
const skip = await whyNoPages();
const complaints = [];
let server;
let browser;
let anna;
let ben;

before(async () => {
  if (skip) return;
  server = await startServer();
  browser = await openBrowser();
  anna = await openPage("Anna");
  ben = await openPage("Ben");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("demo: two pages see each other come, by name", { skip }, async () => {
  await sees(anna, () => [...troupeDemo.peers.values()].some(({ name }) => name === "Ben"));
  await sees(ben, () => [...troupeDemo.peers.values()].some(({ name }) => name === "Anna"));
  assert.deepEqual(await anna.locator("#people bdi").allTextContents(), ["Ben"]);
  assert.equal(await ben.locator("#people-count").textContent(), "2");
});

test("demo: a pointer that moves in one page moves in the other", { skip }, async () => {
  await anna.mouse.move(200, 150);
  await anna.mouse.move(320, 360, { steps: 8 });
  await sees(ben, () => {
    const [peer] = troupeDemo.peers.values();
    const { width, height } = document.querySelector("#stage").getBoundingClientRect();
    return Math.abs(peer.x * width - 320) < 2 && Math.abs(peer.y * height - 360) < 2;
  });
  const drawn = ben.locator(".pointer.placed", { hasText: "Anna" });
  await sees(ben, () => {
    const { x, y } = document.querySelector(".pointer.placed").getBoundingClientRect();
    return Math.abs(x - 320) < 8 && Math.abs(y - 360) < 8;
  });
  assert.equal(await drawn.count(), 1);
});

test("demo: the arrow keys move the pointer as well", { skip }, async () => {
  await ben.locator("#stage").focus();
  await ben.keyboard.press("ArrowRight");
  const pressed = await ben.evaluate(() => document.querySelectorAll(".pointer.placed").length);
  await sees(anna, () => [...troupeDemo.peers.values()].some(({ x }) => Math.abs(x - 0.42) < 0.01));
  assert.equal(pressed, 2, "the page shows the pointer that its keyboard moves");
});

test("demo: both pages chat, and markup stays text", { skip }, async () => {
  await say(anna, "Hello from here");
  await heard(ben, "Hello from here");
  await say(ben, "<b>hello</b> & welcome");
  await heard(anna, "<b>hello</b> & welcome");
  assert.equal(await anna.locator("#log b").count(), 0);
  const speakers = await anna.locator("#log li:not(.notice) bdi").allTextContents();
  assert.deepEqual(speakers, ["Anna", "Ben"]);
});

test("demo: a new name reaches the other page", { skip }, async () => {
  await ben.locator("#name").fill("Benjamin");
  await ben.locator("#name").press("Enter");
  await sees(anna, () => document.querySelector("#people bdi").textContent === "Benjamin");
  assert.equal(await anna.locator(".pointer .tag").first().textContent(), "Benjamin");
});

test("demo: the status tells that we are connected, and how fast", { skip }, async () => {
  await sees(anna, () => / ms$/.test(document.querySelector("#status-rtt").textContent));
  assert.equal(await anna.locator("#status-text").textContent(), "Connected");
});

test("demo: a picture for people", { skip }, async () => {
  await ben.mouse.move(560, 300, { steps: 4 });
  await say(ben, "Smile!");
  await heard(anna, "Smile!");
  await anna.waitForTimeout(400);
  await mkdir(dirname(screenshot), { recursive: true });
  const picture = await anna.screenshot({ path: screenshot });
  assert.ok(picture.length > 20_000, "the picture is not empty");
});

test("demo: a page that closes is gone from the other", { skip }, async () => {
  await ben.context().close();
  await sees(anna, () => troupeDemo.peers.size === 0);
  assert.equal(await anna.locator("#people li").count(), 0);
  assert.equal(await anna.locator(".pointer").count(), 0);
  assert.equal(await anna.locator("#people-count").textContent(), "1");
});

test("demo: pages find each other again when the server comes back", { skip }, async () => {
  const { FakeServer } = await import("./fake-server.mjs");
  const first = await new FakeServer().start();
  const carl = await openPage("Carl", first.url);
  const dora = await openPage("Dora", first.url);
  await first.stop();
  await sees(carl, () => document.querySelector("#status-text").textContent === "Reconnecting");
  assert.equal(await carl.locator("#text").isDisabled(), true);
  const second = await new FakeServer().start(first.port);
  for (const [page, other] of [[carl, "Dora"], [dora, "Carl"]]) {
    const again = (name) => troupeDemo.room.joined
      && [...troupeDemo.peers.values()].map((peer) => peer.name).join() === name;
    await page.waitForFunction(again, other, { timeout: patience });
    assert.equal(await page.locator("#status-text").textContent(), "Connected");
  }
  await carl.context().close();
  await dora.context().close();
  await second.stop();
});

test("demo: nothing complained on the way", { skip }, () => {
  const isStopped = (complaint) => /net::ERR_CONNECTION_(REFUSED|RESET|CLOSED)$/.test(complaint);
  assert.deepEqual(complaints.filter((complaint) => !isStopped(complaint)), []);
});

// -- helpers --------------------------------------------------------------------------------------

async function openPage(name, url = server.url) {
  const page = await openPageFor(browser, name, url, { storage: { "troupe.name": name }, complaints });
  await sees(page, () => window.troupeDemo?.room?.joined);
  return page;
}

async function say(page, text) {
  await page.locator("#text").fill(text);
  await page.locator("#text").press("Enter");
}

function heard(page, text) {
  const seen = (wanted) =>
    [...document.querySelectorAll("#log p")].some((line) => line.textContent === wanted);
  return page.waitForFunction(seen, text, { timeout: patience });
}

async function startServer() {
  if (process.env.TROUPE_URL) return { url: process.env.TROUPE_URL, stop: async () => {} };
  if (process.env.TROUPE_BIN) {
    const program = resolve(root, process.env.TROUPE_BIN);
    return startProgram(program, ["serve", "--listen", "127.0.0.1:0"]);
  }
  const { FakeServer } = await import("./fake-server.mjs");
  return new FakeServer().start();
}
