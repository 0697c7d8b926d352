/** Matchmaking of the client against the fake server, over real sockets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSocket } from "ws";
import { connect, match, TroupeError } from "../client/troupe.js";
import { startFakeServer } from "./fake-server.mjs";

const seats = { room: "r", tokens: ["t"], team: 1, teams: 2 };

async function enter(t, answer) {
  const server = await startFakeServer(t);
  server.answer = answer;
  const client = await connect(`${server.url}/demo`, { WebSocket });
  t.after(() => client.close());
  return { server, client };
}

test("match: waits for the event that tells the seats", async (t) => {
  const { server, client } = await enter(t, (connection, message) => {
    const payload = [seats];
    setTimeout(() => server.send(connection, { op: "event", name: "rooms.matched", payload }), 10);
    return message.name;
  });
  assert.deepEqual(await match(client, { kind: "fight", rating: 1200 }), seats);
});

test("match: rejects when the server refuses", async (t) => {
  const { client } = await enter(t, () => {
    throw new TroupeError("refused", "nobody is matched for this kind of room");
  });
  await assert.rejects(match(client, { kind: "chess" }), /nobody is matched/);
});

test("match: gives up when it is told to, and says so", async (t) => {
  const { server, client } = await enter(t, () => "ticket");
  const wish = new AbortController();
  const waiting = match(client, { kind: "fight" }, { signal: wish.signal });
  setTimeout(() => wish.abort(new Error("enough")), 20);
  await assert.rejects(waiting, /enough/);
  await client.ask("sum", 1, 2);
  assert(server.received.some(({ message }) => message.name === "rooms.match_cancel"));
});

test("match: a new connection takes a new place, and none ends the wait", async (t) => {
  let asked = 0;
  const { server, client } = await enter(t, () => ++asked);
  const waiting = match(client, { kind: "fight" });
  while (asked < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  server.cut();
  while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  client.close();
  await assert.rejects(waiting, { code: "closed" });
});
