/** A server program that runs beside a test. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts `path` in a new folder, with a copy of `files` if given, and reads from its log on which port of 127.0.0.1 it listens.
 * `stop` ends it by SIGTERM and demands the exit status 0.
 */
export async function startProgram(path, args, files) {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  if (files) await cp(files, folder, { recursive: true });
  // Servers take every TROUPE_ variable for a key of their configuration: keep the tests' own back.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("TROUPE_")),
  );
  const program = spawn(path, args, { cwd: folder, env });
  const log = [];
  const url = await new Promise((found, fail) => {
    const read = (line) => {
      log.push(line);
      const match = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (match) found(match[1]);
    };
    createInterface({ input: program.stdout }).on("line", read);
    createInterface({ input: program.stderr }).on("line", read);
    program.on("error", fail);
    program.on("exit", () => fail(new Error(`The server ended early:\n${log.join("\n")}`)));
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  const stop = async () => {
    program.kill("SIGTERM");
    assert.equal(await ended, 0, `the server's exit status; its log:\n${log.join("\n")}`);
    await rm(folder, { recursive: true });
  };
  return { url, stop, log };
}
