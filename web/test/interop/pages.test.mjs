/**
 * Pages in Chromium: a chat of the kind that iris' users have, with the script that the server
 * serves, and a page with the unmodified neffos.js, which another server than ours hands out.
 * Screenshots go to build/.
 */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, whyNoPages } from "../chromium.mjs";
import { skip as missing, startInteropServer } from "./interop-server.mjs";

const build = fileURLToPath(new URL("../../../build/", import.meta.url));
const site = fileURLToPath(new URL("site/", import.meta.url));
const patience = 15_000;
const skip = missing || await whyNoPages();
const complaints = [];
let server;
let elsewhere;
let browser;

before(async () => {
  if (skip) return;
  server = await startInteropServer(site);
  elsewhere = await startStaticServer();
  browser = await openBrowser();
  await mkdir(build, { recursive: true });
});

after(async () => {
  await browser?.close();
  elsewhere?.close();
  await server?.stop();
});

test("iris page: two pages see each other's messages (L01, M04, M14)", { skip }, async () => {
  const [anna, ben] = await openPages(`${server.url}/chat.html`);
  await shows(anna, "Status: Connected", "You joined lobby");
  await shows(ben, "Status: Connected", "You joined lobby");
  await say(anna, "#send", "Hello; from Anna");
  await shows(ben, "Other: Hello; from Anna");
  await say(ben, "#send", "<b>42</b>");
  await shows(anna, "Other: <b>42</b>");
  await say(ben, "#send", "42");
  await shows(anna, "Other: 42");
  await say(anna, "#room", "to all of us");
  await shows(anna, "Room: to all of us");
  await shows(ben, "Room: to all of us");
  assert.doesNotMatch(await output(anna), /Other: Hello/, "senders do not hear themselves");
  await ben.screenshot({ path: `${build}interop-iris.png` });
});

test("iris page: native messages, JSON, kick and goodbye (L02, L04, M09)", { skip }, async () => {
  const [anna, ben] = await openPages(`${server.url}/chat.html`);
  await anna.evaluate(() => socket.EmitMessage("plain"));
  await shows(anna, "Native: native:plain");
  await anna.evaluate(() => socket.Emit("json", { stars: 5 }));
  await shows(anna, "JSON: 5 stars");
  await anna.evaluate(() => socket.Emit("kick", "x"));
  await shows(anna, "Status: Disconnected");
  await ben.click("#leave");
  await shows(ben, "Status: Disconnected");
});

test("iris page: the script has a type that browsers run, and its prefix (L10, M14)", { skip },
  async () => {
    for (const [path, prefix] of [["/iris-ws.js", "iris-"], ["/go-ws.js", "go-"]]) {
      const answer = await fetch(server.url + path);
      assert.match(answer.headers.get("content-type"), /^text\/javascript/);
      assert.match(await answer.text(), new RegExp(`const prefix = "${prefix}websocket-message:"`));
    }
  });

test("neffos page: namespaces and rooms in two pages (N01, R01, B01, H08)", { skip }, async () => {
  const [anna, ben] = await openPages(neffosPage());
  await shows(anna, "Connected to default", "Welcome, you");
  await shows(ben, "Connected to default", "Welcome, you");
  await say(anna, "#send", "to everybody");
  await shows(ben, "Other: to everybody");
  await anna.click("#join");
  await shows(anna, "Joined lobby");
  await say(anna, "#room", "nobody hears this");
  await ben.click("#join");
  await shows(ben, "Joined lobby");
  await say(anna, "#room", "to the room");
  await shows(ben, "Room lobby: to the room");
  await ben.screenshot({ path: `${build}interop-neffos.png` });
  await ben.click("#leave");
  await shows(ben, "Left lobby");
  await say(anna, "#room", "too late");
  await say(anna, "#send", "the end");
  await shows(ben, "Other: the end");
  assert.doesNotMatch(await output(ben), /nobody hears this|too late/);
});

test("neffos page: asks both ways, errors, bytes (K01, K02, E04, C05)", { skip }, async () => {
  const [page] = await openPages(neffosPage(), 1);
  await shows(page, "Connected to default");
  assert.equal(await page.evaluate(async () => (await space.ask("ask", "ping")).Body), "pong:ping");
  const failure = page.evaluate(() => space.ask("fail", "why").catch((error) => error.message));
  assert.equal(await failure, "refused:why");
  await page.evaluate(() => space.emit("ask-me", "q"));
  await shows(page, "Answer: got:page:q");
  await page.evaluate(() => space.emitBinary("echo", new Uint8Array([0, 59, 255])));
  await shows(page, "Echo: 0,59,255");
});

test("neffos page: moved by the server, kicked, and back again (R06, R07, H02, H06)", { skip },
  async () => {
    const [page] = await openPages(neffosPage(), 1);
    await shows(page, "Connected to default");
    await page.evaluate(() => space.emit("pull-in", "cellar"));
    await shows(page, "Joined cellar");
    await page.evaluate(() => space.emit("push-out", "cellar"));
    await shows(page, "Left cellar");
    await page.click("#join");
    await shows(page, "Joined lobby");
    await page.evaluate(() => space.emit("kick", ""));
    await shows(page, "Disconnected from default", "Reconnected after 1 tries", "Joined lobby");
    const tries = await page.evaluate(async () => (await space.ask("tries", "")).Body);
    assert.equal(tries, "1", "the server was told by a URL parameter");
  });

test("neffos page: refused, by a header from the URL (A03, H04)", { skip }, async () => {
  const [page] = await openPages(neffosPage(), 1);
  await shows(page, "Connected to default");
  const refused = page.evaluate(() => {
    const address = new URLSearchParams(location.search).get("server");
    const options = { headers: { "X-Refuse": "no room at the inn" } };
    return neffos.dial(address, { default: {} }, options).catch((error) => error.message);
  });
  assert.equal(await refused, "no room at the inn");
});

test("pages: nothing complained on the way", { skip }, () => {
  assert.deepEqual(complaints, []);
});

// -- helpers --------------------------------------------------------------------------------------

function neffosPage() {
  const { port } = elsewhere.address();
  return `http://127.0.0.1:${port}/neffos.html?server=${server.socketUrl}/ws`;
}

/** The page and the npm package, from an origin that is not the server's. */
function startStaticServer() {
  const library = fileURLToPath(import.meta.resolve("neffos.js"));
  const files = {
    "/neffos.html": [`${site}neffos.html`, "text/html"],
    "/neffos.js": [library, "text/javascript"],
  };
  const serve = async ({ url }, response) => {
    const [file, type] = files[new URL(url, "http://localhost").pathname] ?? [];
    response.writeHead(file ? 200 : 204, { "Content-Type": type ?? "text/plain" });
    response.end(file && await readFile(file));
  };
  return new Promise((started) => {
    const http = createServer(serve).listen(0, "127.0.0.1", () => started(http));
  });
}

async function openPages(url, count = 2) {
  const pages = [];
  for (let i = 0; i < count; ++i) pages.push(await openPage(url));
  return pages;
}

async function openPage(url) {
  const context = await browser.newContext({ viewport: { width: 800, height: 560 } });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) complaints.push(line.text());
  });
  await page.goto(url);
  return page;
}

function output(page) {
  return page.locator("#output").textContent();
}

/** Waits until the page shows these lines, in this order. */
function shows(page, ...lines) {
  const seen = (wanted) => {
    const shown = document.querySelector("#output").textContent.split("\n");
    return wanted.every((line) => shown.includes(line) && shown.splice(0, shown.indexOf(line) + 1));
  };
  return page.waitForFunction(seen, lines, { timeout: patience });
}

async function say(page, button, text) {
  await page.locator("#input").fill(text);
  await page.click(button);
}
