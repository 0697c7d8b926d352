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

/** By what is sent: the row that wants it, how many recorded steps fall away, what is heard. */
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

const options = { skip, timeout: 10_000 };
const waiting = readSession("iris-session.txt").filter(({ steps }) => steps.length > 0);
const applied = new Set();

test("iris replay: ids (L01)", options, plays());
test("iris replay: types (L02, L03, L05, L06, L07, M02)", options, plays());
test("iris replay: type 3 bytes by hand (L02)", options, plays());
test("iris replay: unknown event / type (L08)", options, plays());
test("iris replay: native (L04, M03)", options, plays());
test("iris replay: broadcast except me (M04)", options, plays());
test("iris replay: all (M04)", options, plays());
test("iris replay: room (M04, M05)", options, plays());
test("iris replay: to id (M04)", options, plays());
test("iris replay: leave (M05)", options, plays());
test("iris replay: join twice -> twice delivered? (M07)", options, plays());
test("iris replay: kick (M09)", options, plays());
test("iris replay: client Disconnect (M09)", options, plays());
test("iris replay: malformed: prefix only, no separator (L08, L09, M03)", options, plays());

test("iris replay: the recording is whole, and every change found its place", () => {
  assert.deepEqual(waiting, []);
  assert.deepEqual([...applied].sort(), Object.keys(changes).sort());
});

test("iris replay: a malformed event costs nobody the connection (L08)", { skip }, () => {
  assert.ok(replay.client("A").isOpen);
});

/** The test of the next recorded section. */
function plays() {
  const { name, steps } = waiting.shift();
  const ours = change(steps);
  return (t) => {
    assert.ok(t.name.startsWith(`iris replay: ${name} (`), `next in the recording: ${name}`);
    return replay.play(ours);
  };
}

/** The steps with our answers in place of the recorded ones. */
function change(recorded) {
  const steps = [];
  for (let at = 0; at < recorded.length; ++at) {
    const step = recorded[at];
    steps.push({ ...step, by: step.who === "C" ? "client" : "server" });
    const sent = step.what === "C>S" ? step.data.toString().replace(prefix, "") : undefined;
    if (!Object.hasOwn(changes, sent)) continue;
    const { drops = 0, heard } = changes[sent];
    const frame = (text) => ({
      who: step.who, what: "S>C", binary: false, data: Buffer.from(prefix + text),
    });
    steps.push(...heard.map(frame));
    applied.add(sent);
    at += drops;
  }
  return steps;
}
