/** The program that offers what the reference servers offered: tests/interop/interop_server.cpp. */
import { missingPackages } from "../chromium.mjs";
import { startProgram } from "../program.mjs";

const program = process.env.TROUPE_INTEROP_SERVER;

/** Why the tests that need it cannot run; false if they can. */
export const skip = program
  ? await missingPackages("neffos.js", "ws")
  : "TROUPE_INTEROP_SERVER does not name the program";

/** Starts it; pages below `site` are served too. `socketUrl` is where WebSockets connect. */
export async function startInteropServer(site) {
  const server = await startProgram(program, site ? [site] : []);
  return { ...server, socketUrl: server.url.replace(/^http/, "ws") };
}
