/** neffos.js and a server that acts at the same moment: nobody may lose track of who is where. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { until } from "./neffos-log.mjs";

let neffos;
let server;

before(async () => {
  if (skip) return;
  neffos = await import("neffos.js");
  server = await startInteropServer();
});

after(() => server?.stop());

test("neffos.js: the server can join a client as soon as it is connected (R13)", { skip },
  async (t) => {
    const { conn } = await dial(t);
    const space = await conn.connect("pulled");
    await until(() => space.room("lobby"), "the join");
  });

test("neffos.js: a client that leaves at once where it was put is out (N16)", { skip },
  async (t) => {
    for (let round = 0; round < 20; ++round) {
      const left = [];
      const leave = async (room) => left.push(await room.leave());
      const { conn } = await dial(t, {
        _OnRoomJoined: (ns, { Room }) => queueMicrotask(() => leave(ns.room(Room))),
      });
      const space = await conn.connect("default");
      space.emit("pull-in", "cellar");
      await until(() => left.length === 1, "the end of the membership");
      assert.deepEqual(left, [null]);
      assert.equal(space.rooms.size, 0);
      const isMember = space.ask("is-member", "cellar").then(({ Body }) => Body);
      assert.equal(await isMember, "no");
    }
  });

test("neffos.js: a client that connects again at once after it was put out is in (N16)", { skip },
  async (t) => {
    for (let round = 0; round < 20; ++round) {
      const again = [];
      const { conn } = await dial(t, {
        _OnNamespaceDisconnect: (ns, { IsForced }) => {
          if (!IsForced) again.push(ns.conn.connect("default"));
        },
      });
      const space = await conn.connect("default");
      space.emit("ns-kick", "");
      await until(() => again.length === 1, "the server's disconnect");
      const back = await again[0];
      assert.equal((await back.ask("ask", "again")).Body, "pong:again");
    }
  });

test("neffos.js: an ask that is broadcast costs nobody anything (B09)", { skip }, async (t) => {
  const heard = [];
  const one = await dial(t);
  const other = await dial(t, { chat: (ns, { Body, wait }) => void heard.push([Body, wait]) });
  const space = await one.conn.connect("default");
  await other.conn.connect("default");
  space.ask("chat", "to the others").catch(() => {});
  await until(() => heard.length === 1, "the broadcast");
  assert.deepEqual(heard, [["to the others", ""]]);
  assert.equal((await space.ask("ask", "alive")).Body, "pong:alive");
});

async function dial(t, handlers = {}) {
  const nothing = { _OnNamespaceConnected() {} };
  const declared = { default: { ...nothing, ...handlers }, pulled: nothing };
  const conn = await neffos.dial(`${server.socketUrl}/ws`, declared);
  t.after(() => conn.close());
  return { conn };
}
