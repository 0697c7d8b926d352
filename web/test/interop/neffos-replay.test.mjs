/**
 * The recorded session of the Go neffos server and neffos.js, frame for frame: ids and tokens
 * aside, this server must answer as that one did. What differs on purpose is in `changes`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { readSession } from "./recording.mjs";

/** Ids are random, tokens of servers count something: 19 digits in the recording. */
const unknowns = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|^\d{19}(?=;)/g;

/** What the requests of some clients had besides the usual. */
const requests = {
  c4: { options: { headers: { "X-Refuse": "no room at the inn" } } },
  c5: { query: "?X-Websocket-Header-X-Refuse=by%20url" },
  c6: { options: { headers: { "X-Force": "forced" } } },
  c8: { options: { headers: { "X-Websocket-Reconnect": "1" } } },
};

/** These hung up themselves; the server ended the others. */
const closedByClient = new Set(["c1", "c3", "c6", "c8"]);

/** Where this server does better: the row of the checklist, and the steps that take its place. */
const changes = {
  "leaveAll of neffos.js": {
    row: "R14",
    change: (steps) => [...steps, { ...steps[0], what: "S>C", data: emptyReplyTo(steps[0].data) }],
  },
};

let server;
let replay;

before(async () => {
  if (skip) return;
  server = await startInteropServer();
  const { PlainClient } = await import("./plain-client.mjs");
  const { Replay } = await import("./replay.mjs");
  replay = new Replay(unknowns, (who) => {
    const { options, query = "" } = requests[who] ?? {};
    return PlainClient.open(`${server.socketUrl}/ws${query}`, options);
  });
});

after(async () => {
  await replay?.close();
  await server?.stop();
});

const sections = readSession("neffos-session.txt");

test("neffos replay: the recording is whole", () => {
  assert.equal(sections.length, 43);
  const names = sections.map(({ name }) => name);
  assert.deepEqual(Object.keys(changes).filter((name) => !names.includes(name)), []);
});

for (const { name, steps } of sections) {
  const { row, change } = changes[name] ?? {};
  const title = `neffos replay: ${name}${row ? ` (${row}: better than recorded)` : ""}`;
  test(title, { skip, timeout: 10_000 }, async () => {
    const ours = steps.map(withCloser);
    await replay.play(change ? change(ours) : ours);
  });
}

function withCloser(step) {
  return { ...step, by: closedByClient.has(step.who) ? "client" : "server" };
}

function emptyReplyTo(request) {
  return Buffer.from(`${request.toString().split(";", 1)[0]};;;;;;`);
}
