/** The Chromium of this machine, for tests of pages. */
import { execFileSync } from "node:child_process";

const flags = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const chromium = findChromium();

/** Why pages cannot be tested here; false if they can, or if TROUPE_REQUIRE_BROWSER insists. */
export async function whyNoPages() {
  if (process.env.TROUPE_REQUIRE_BROWSER) return false;
  return chromium ? missingPackages("playwright-core", "ws") : "Chromium is not installed";
}

/** Why tests that need these npm packages cannot run; false if they can. */
export async function missingPackages(...names) {
  try {
    await Promise.all(names.map((name) => import(name)));
    return false;
  } catch (error) {
    return `npm ci has not been run: ${error.message}`;
  }
}

export async function openBrowser() {
  const { chromium: engine } = await import("playwright-core");
  return engine.launch({ executablePath: chromium, args: flags, headless: true });
}

/** How long pages may take for what they are waited for, in ms. */
export const patience = 20_000;

/**
 * A page with storage of its own, as if another person had opened it. What it complains about is added
 * to `complaints`, behind the person's name.
 */
export async function openPageFor(browser, name, url, { storage = {}, complaints = [] } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 760 } });
  context.setDefaultTimeout(patience);
  await context.addInitScript((own) => Object.assign(localStorage, own), storage);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${name}: ${error}`));
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) complaints.push(`${name}: ${line.text()}`);
  });
  await page.goto(url);
  return page;
}

/** Waits until `condition(argument)` holds in the page. */
export function sees(page, condition, argument) {
  return page.waitForFunction(condition, argument, { timeout: patience });
}

function findChromium() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}
