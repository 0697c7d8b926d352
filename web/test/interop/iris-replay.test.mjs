/**
 * The recorded session of the legacy iris server and its browser script, frame for frame. What
 * differs on purpose is in `changes`: mostly what that server lost.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { readSession } from "./recording.mjs";

const prefix = "iris-websocket-message:";
const unknowns = /id-\d+/g;

/** By what is sent: the row, how many recorded steps fall away, and what is heard instead. */
const changes = {
  "str;0;": { row: "L07", heard: ["str;0;"] },
  "str;1;true": { row: "L06", heard: ["str;0;true"] },
  "int;1;42": { row: "L05", drops: 1, heard: ["int;1;42"] },
  "int;1;-7": { row: "L05", drops: 1, heard: ["int;1;-7"] },
  "int;1;12": { row: "L05", drops: 1, heard: ["int;1;12"] },
  "bool;1;true": { row: "L06", heard: ["bool;2;true"] },
  "json;1;5": { row: "L05", drops: 1, heard: ["json;1;5"] },
  "none;0;": { row: "L07", heard: ["none;0;called"] },
  "to;0;r2|dup": { row: "M07", drops: 2, heard: ["to;0;dup"] },
  "boom": { row: "L08", drops: 1, heard: [] },
  "int;0;notint": { row: "L08", drops: 1, heard: [] },
};

let server;
let replay;

before(async () => {
  if (skip) return;
  server = await startInteropServer();
  const { PlainClient } = await import("./plain-client.mjs");
  const { Replay } = await import("./replay.mjs");
  replay = new Replay(unknowns, () => PlainClient.open(`${server.socketUrl}/iris`));
});

after(async () => {
  await replay?.close();
  await server?.stop();
});

const sections = readSession("iris-session.txt").filter(({ steps }) => steps.length > 0);
const applied = new Set();

for (const { name, steps } of sections) {
  const ours = change(steps);
  const rows = [...ours.rows].sort().join(", ");
  const title = `iris replay: ${name}${rows ? ` (${rows}: better than recorded)` : ""}`;
  test(title, { skip, timeout: 10_000 }, () => replay.play(ours.steps));
}

test("iris replay: the recording is whole, and every change found its place", () => {
  assert.equal(sections.length, 14);
  assert.deepEqual([...applied].sort(), Object.keys(changes).sort());
});

test("iris replay: a malformed event costs nobody the connection (L08)", { skip }, () => {
  assert.ok(replay.client("A").isOpen);
});

/** The steps with our answers in place of the recorded ones. */
function change(recorded) {
  const result = { steps: [], rows: new Set() };
  for (let at = 0; at < recorded.length; ++at) {
    const step = recorded[at];
    result.steps.push({ ...step, by: step.who === "C" ? "client" : "server" });
    const sent = step.what === "C>S" ? step.data.toString().replace(prefix, "") : undefined;
    if (!Object.hasOwn(changes, sent)) continue;
    const { row, drops = 0, heard } = changes[sent];
    const { who } = step;
    const frame = (text) => ({ who, what: "S>C", binary: false, data: Buffer.from(prefix + text) });
    result.steps.push(...heard.map(frame));
    result.rows.add(row);
    applied.add(sent);
    at += drops;
  }
  return result;
}
