/**
 * The game of docs/tutorial.md, TROUPE_TUTORIAL, in two pages that see each other walk.
 * A screenshot goes to build/tutorial.png.
 */
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, whyNoPages } from "./chromium.mjs";
import { startProgram } from "./program.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const screenshot = join(root, "build/tutorial.png");
const program = process.env.TROUPE_TUTORIAL;
const skip = program ? await whyNoPages() : "there is no TROUPE_TUTORIAL";
const complaints = [];
let server;
let browser;
let walker;
let watcher;

before(async () => {
  if (skip) return;
  server = await startProgram(program, ["--listen", "127.0.0.1:0"], join(root, "examples/tutorial"));
  browser = await openBrowser();
  walker = await openPage("walker");
  watcher = await openPage("watcher");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("tutorial: two pages are on one meadow", { skip }, async () => {
  for (const page of [walker, watcher]) await sees(page, /^2 here/);
});

test("tutorial: who walks in one page walks in the other", { skip }, async () => {
  const start = await picture(watcher);
  await walker.keyboard.down("ArrowLeft");
  await walker.waitForTimeout(600);
  await walker.keyboard.up("ArrowLeft");
  await watcher.waitForTimeout(400); // what is drawn is a little in the past
  const end = await picture(watcher);
  assert.ok(!start.equals(end), "the meadow looks different");
  await mkdir(dirname(screenshot), { recursive: true });
  await watcher.screenshot({ path: screenshot });
});

test("tutorial: who leaves is gone", { skip }, async () => {
  await walker.context().close();
  await sees(watcher, /^1 here/);
});

test("tutorial: nothing complained on the way", { skip }, () => assert.deepEqual(complaints, []));

async function openPage(name) {
  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => complaints.push(`${name}: ${error}`));
  await page.goto(server.url);
  return page;
}

function sees(page, text) {
  return page.getByText(text).waitFor({ timeout: 15_000 });
}

function picture(page) {
  return page.locator("canvas").screenshot();
}
