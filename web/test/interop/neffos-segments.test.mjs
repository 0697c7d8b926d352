/**
 * A15.1: neffos.js in Node loses what is in the same piece of the stream as a connect reply, since
 * it registers the namespace only after the whole piece has been handled. A server that wants its
 * greetings heard keeps them back until the reply has been taken.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { pause, until } from "./neffos-log.mjs";

let neffos;
let server;

before(async () => {
  if (skip) return;
  neffos = await import("neffos.js");
  server = await startInteropServer();
});

after(() => server?.stop());

test("neffos.js: what on_connected emits arrives every time (A15.1)", { skip }, async (t) => {
  for (let round = 0; round < 25; ++round) {
    const { conn, greetings } = await dial(t);
    await conn.connect("default");
    await until(() => greetings.length === 1, `greeting ${round}`);
    assert.deepEqual(greetings, [conn.ID]);
  }
});

test("neffos.js: so it does when the client is busy meanwhile (A15.1)", { skip }, async (t) => {
  const { conn, greetings } = await dial(t);
  const connecting = conn.connect("default");
  stall(80); // the reply, and whatever comes with it, wait in one piece
  await connecting;
  await until(() => greetings.length === 1, "the greeting");
});

test("neffos.js: and what follows it is in order (A15.1, B06)", { skip }, async (t) => {
  const { conn, greetings, echoes } = await dial(t);
  const connecting = conn.connect("default");
  stall(40);
  const space = await connecting;
  for (let number = 0; number < 20; ++number) space.emit("echo", String(number));
  await until(() => echoes.length === 20, "the echoes");
  assert.equal(greetings.length, 1);
  assert.deepEqual(echoes, Array.from({ length: 20 }, (_, number) => String(number)));
});

test("neffos.js: twenty namespaces on one connection (N04)", { skip }, async (t) => {
  const { conn, names } = await dialMany(t);
  const spaces = await Promise.all(names.map((name) => conn.connect(name)));
  const answers = await Promise.all(spaces.map((space) => space.ask("where", "")));
  assert.deepEqual(answers.map(({ Body }) => Body), names);
});

test("neffos.js: namespaces connected at once all greet (A15.1, N04)", { skip }, async (t) => {
  const { conn, names, greetings } = await dialMany(t);
  await Promise.all(names.map((name) => conn.connect(name)));
  await until(() => greetings.length === names.length, "the greetings");
  assert.deepEqual(greetings, names);
});

test("neffos.js: replies find their asks, however many there are (K03)", { skip }, async (t) => {
  const { conn } = await dial(t);
  const space = await conn.connect("default");
  const questions = Array.from({ length: 50 }, (_, number) => String(number));
  const answers = await Promise.all(questions.map((question) => space.ask("ask", question)));
  assert.deepEqual(answers.map(({ Body }) => Body), questions.map((text) => `pong:${text}`));
});

async function dialMany(t) {
  const greetings = [];
  const names = Array.from({ length: 20 }, (_, number) => `many-${number}`);
  const welcome = (ns, { Body }) => void greetings.push(Body);
  const declared = Object.fromEntries(names.map((name) => [name, { welcome }]));
  const conn = await neffos.dial(`${server.socketUrl}/ws`, declared);
  t.after(() => conn.close());
  return { conn, names, greetings };
}

async function dial(t) {
  const greetings = [];
  const echoes = [];
  const conn = await neffos.dial(`${server.socketUrl}/ws`, {
    default: {
      welcome: (ns, { Body }) => void greetings.push(Body),
      echo: (ns, { Body }) => void echoes.push(Body),
    },
  });
  t.after(() => conn.close());
  await pause(0);
  return { conn, greetings, echoes };
}

/** Keeps this process from reading anything for a while. */
function stall(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
