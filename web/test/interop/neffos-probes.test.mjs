/**
 * Frames made by hand and what the Go neffos server answered to them. Where the checklist demands
 * better, the test says what the answers are here, and which row wants them so.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { readProbes } from "./recording.mjs";

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const id = "00000000-0000-0000-0000-000000000000"; // stands for the id of the run
const ack = `A${id}`;
const hello = ["$1;;;;;;", `;default;;welcome;0;0;${id}`];

const options = { skip, timeout: 10_000 };
const waiting = readProbes(); // those that no test makes yet
let server;
let PlainClient;

before(async () => {
  if (skip) return;
  server = await startInteropServer();
  ({ PlainClient } = await import("./plain-client.mjs"));
});

after(() => server?.stop());

test("neffos probe: event to a namespace not connected (N14)", options,
  better([ack, "$9;default;;ask;1;0;bad namespace", ";default;;echo;1;0;bad namespace"]));
test("neffos probe: join in a namespace not connected (N14)", options,
  better([ack, "$9;default;r;_OnRoomJoin;1;0;bad namespace"]));
test("neffos probe: leave in a namespace not connected (N14)", options,
  better([ack, "$9;default;r;_OnRoomLeave;1;0;bad namespace"]));
test("neffos probe: frames before M are queued; order against A (A04, A07)", options,
  better([ack, ...hello, "$2;default;;ask;0;0;pong:early"]));
test("neffos probe: garbage, strict server (C11)", options, asRecorded());
test('neffos probe: garbage, native-capable server, ns "" not connected (V01)', options,
  asRecorded());
test('neffos probe: garbage, native-capable server, ns "" connected (V01)', options, asRecorded());
test("neffos probe: M twice (A10)", options, asRecorded());
test("neffos probe: M as binary (A01)", options, asRecorded());
test("neffos probe: M with tail (A01)", options, asRecorded());
test("neffos probe: no ack at all: events queued forever (A04)", options, asRecorded());
test("neffos probe: connect without wait (N13, N14)", options,
  better([ack, "$2;default;;ask;1;0;bad namespace"]));
test("neffos probe: connect with isNoOp (N13, N14)", options,
  better([ack, "$2;default;;ask;1;0;bad namespace"]));
test("neffos probe: connect twice (N03)", options, asRecorded());
test("neffos probe: connect with a body (N01)", options, asRecorded());
test("neffos probe: connect with wait lacking $ (C07)", options, asRecorded());
test("neffos probe: connect with # wait (C07, C12)", options, asRecorded());
test("neffos probe: wait whose 2nd char is ! (C13)", options,
  better([ack, "$!abc;;;;;;", hello[1], "$!q;default;;ask;0;0;pong:x"]));
test("neffos probe: wait neffos(0x... (C13)", options,
  better([ack, ...hello, "neffos(0xabc(d));default;;ask;0;0;pong:x"]));
test("neffos probe: wait with ; escaped (C07)", options, asRecorded());
test("neffos probe: disconnect a namespace not connected (N08)", options, asRecorded());
test("neffos probe: disconnect an unknown namespace (N08)", options, asRecorded());
test("neffos probe: leave a room not joined (R05)", options, asRecorded());
test("neffos probe: join twice (R03)", options, asRecorded());
test('neffos probe: join a room named "" (R01)', options, asRecorded());
test("neffos probe: room message without join (server side) (R11)", options,
  better([ack, ...hello, "$2;default;other;ask;1;0;bad room", ";default;other;echo;1;0;bad room"]));
test("neffos probe: spoofed system events (E12, E13, R14)", options,
  better([
    ack, ...hello, "$2;default;r;_OnRoomJoined;1;0;only the server says that",
    "$3;default;;_OnNamespaceConnected;1;0;only the server says that",
    "$4;default;;_OnAnyEvent;1;0;only the server says that", "$5;;;;;;",
  ]));
test("neffos probe: isError=1 with body (E16)", options, better([ack, ...hello]));
test("neffos probe: isError=1 without body (C04)", options, asRecorded());
test("neffos probe: isError=x isNoOp=y (neither 0 nor 1) (C03)", options, asRecorded());
test("neffos probe: isNoOp=1 event (C09)", options, asRecorded());
test("neffos probe: binary connect frame (C05)", options, asRecorded());
test("neffos probe: empty frame (C10)", options, asRecorded());
test("neffos probe: A<id> from the client (id spoof) (A06)", options, better([], { closed: true }));
test("neffos probe: H from the client (A06, H19)", options, better([], { closed: true }));
test("neffos probe: native only: M (V02)", options, asRecorded());
test("neffos probe: reconnect header by URL (H04, H06)", options, asRecorded());
test("neffos probe: reconnect header by URL, lower case (H04, H06)", options, asRecorded());
test("neffos probe: two conns cmds pipelined in one write (E09)", options, asRecorded());
test("neffos probe: unknown escaped event (C02, E02)", options, asRecorded());
test("neffos probe: invalid UTF-8 text (A02)", options, asRecorded());

test("neffos probes: every recorded one was made", () => {
  assert.deepEqual(waiting, []);
});

test("neffos probe: text that is not UTF-8 ends the connection (H18)", { skip }, async () => {
  const client = await PlainClient.open(`${server.socketUrl}/ws`);
  client.send(Buffer.from("M\xff", "latin1"), false);
  assert.equal((await client.closed).code, 1007);
});

/** The test of the next recorded probe: the answers are those of the Go server. */
function asRecorded() {
  return better(waiting[0].received.map(describe));
}

/** The test of the next recorded probe: the answers are better than those of the Go server. */
function better(received, { closed = false } = {}) {
  const { name, path, sent } = waiting.shift();
  return async (t) => {
    assert.ok(t.name.startsWith(`neffos probe: ${name} (`), `next in the recording: ${name}`);
    const client = await PlainClient.open(server.socketUrl + path);
    for (const { data, binary } of sent) client.send(data, binary);
    assert.deepEqual((await client.rest()).map(describe), received.map(anonymous));
    assert.equal(client.isOpen, !closed, "the connection is open");
    await client.close();
  };
}

function describe({ binary, data }) {
  return (binary ? "BIN " : "") + anonymous(data.toString("latin1"));
}

/** Connections are told a random id; one stands for all. */
function anonymous(text) {
  return text.replace(uuid, id);
}
