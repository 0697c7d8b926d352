/**
 * Plays a trace of `troupe_state_bench` with @colyseus/schema: the same ships, the same views.
 *
 *     node bench/state/colyseus.mjs TRACE PACKAGE float32|quantised
 *
 * PACKAGE is the folder of an installed @colyseus/schema. Prints the processor time of a tick, and the bytes
 * of all clients' patches as its serializer makes them: what all share, and each view's own part.
 */
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [trace, folder, precision = "float32"] = process.argv.slice(2);
const { Decoder, Encoder, StateView, schema, t } =
  await import(pathToFileURL(resolve(folder, "build/index.mjs")));
const warmUp = 20;

const fields = precision === "float32"
  ? { x: t.float32(), y: t.float32(), heading: t.float32() }
  : { x: t.uint16(), y: t.uint16(), heading: t.uint8() };
const Ship = schema(fields, "Ship");
const Arena = schema({ ships: t.map(Ship).view() }, "Arena");
const turn = 2 * Math.PI;
const quantise = precision === "float32"
  ? (x, y, heading) => [x, y, heading]
  : (x, y, heading) => [Math.round(x * 16), Math.round(y * 16),
    Math.round((((heading % turn) + turn) % turn) * 256 / turn) & 255];

Encoder.BUFFER_SIZE = 1 << 20;
const state = new Arena();
const encoder = new Encoder(state);
const ships = [];
let views;
let decoder;
const seen = new Set();

function move(rows) {
  rows.forEach((row, index) => {
    const [x, y, heading] = quantise(...row);
    if (!ships[index]) state.ships.set(String(index + 1), (ships[index] = new Ship()));
    Object.assign(ships[index], { x, y, heading });
  });
}

/** The bytes for every client, as Colyseus' SchemaSerializer makes them in a patch. */
function makePatches(entered, left) {
  for (const [client, id] of left) views[client].remove(ships[id - 1]);
  for (const [client, id] of entered) views[client].add(ships[id - 1]);
  const it = { offset: 0 };
  encoder.encode(it);
  const shared = it.offset;
  const patches = views.map((view) => encoder.encodeView(view, shared, it));
  encoder.discardChanges();
  return patches;
}

/** What a newcomer gets first: everything that its view shows already. */
function greet(count) {
  views = Array.from({ length: count }, () => new StateView());
  const it = { offset: 0 };
  encoder.encodeAll(it);
  const whole = encoder.encodeAllView(views[0], it.offset, it);
  decoder = new Decoder(new Arena());
  decoder.decode(whole);
  encoder.discardChanges();
}

function checkFirst(entered, left, patch) {
  for (const [client, id] of left) if (client === 0) seen.delete(String(id));
  for (const [client, id] of entered) if (client === 0) seen.add(String(id));
  decoder.decode(patch);
  for (const id of seen) {
    const { x } = decoder.state.ships.get(id) ?? {};
    if (x !== Math.fround(ships[id - 1].x)) throw new Error(`ship ${id} differs`);
  }
  if (decoder.state.ships.size !== seen.size) throw new Error("the first client sees other ships");
}

let tick = 0;
let bytes = 0;
const times = [];
for await (const line of createInterface({ input: createReadStream(trace) })) {
  const { ships: rows, entered, left } = JSON.parse(line);
  tick += 1;
  const start = process.cpuUsage();
  move(rows);
  if (!views) greet(rows.length);
  const patches = makePatches(entered, left);
  const { user, system } = process.cpuUsage(start);
  checkFirst(entered, left, patches[0]);
  if (tick < warmUp) continue;
  times.push((user + system) / 1000);
  for (const patch of patches) bytes += patch.length;
}
times.sort((a, b) => a - b);
const at = (part) => times[Math.floor(part * (times.length - 1))].toFixed(3);
console.log(`ticks ${times.length}  median ${at(0.5)} ms  p99 ${at(0.99)} ms  in all ${bytes}`);
