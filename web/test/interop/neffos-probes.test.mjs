/**
 * Frames made by hand and what the Go neffos server answered to them. Where the checklist demands
 * better, `better` says which row and what the answers are here.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { skip, startInteropServer } from "./interop-server.mjs";
import { readProbes } from "./recording.mjs";

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const id = "00000000-0000-0000-0000-000000000000"; // stands for the id of the run
const ack = `A${id}`;
const hello = ["$1;;;;;;", `;default;;welcome;0;0;${id}`];

const better = {
  "event to a namespace not connected": {
    rows: "N14",
    received: [
      ack, "$9;default;;ask;1;0;bad namespace", ";default;;echo;1;0;bad namespace",
    ],
  },
  "connect without wait": {
    rows: "N13, N14", received: [ack, "$2;default;;ask;1;0;bad namespace"],
  },
  "connect with isNoOp": {
    rows: "N13, N14", received: [ack, "$2;default;;ask;1;0;bad namespace"],
  },
  "join in a namespace not connected": {
    rows: "N14", received: [ack, "$9;default;r;_OnRoomJoin;1;0;bad namespace"],
  },
  "leave in a namespace not connected": {
    rows: "N14", received: [ack, "$9;default;r;_OnRoomLeave;1;0;bad namespace"],
  },
  "frames before M are queued; order against A": {
    rows: "A04, A07", received: [ack, ...hello, "$2;default;;ask;0;0;pong:early"],
  },
  "wait whose 2nd char is !": {
    rows: "C13",
    received: [ack, "$!abc;;;;;;", hello[1], "$!q;default;;ask;0;0;pong:x"],
  },
  "wait neffos(0x...": {
    rows: "C13", received: [ack, ...hello, "neffos(0xabc(d));default;;ask;0;0;pong:x"],
  },
  "room message without join (server side)": {
    rows: "R11",
    received: [
      ack, ...hello, "$2;default;other;ask;1;0;bad room", ";default;other;echo;1;0;bad room",
    ],
  },
  "spoofed system events": {
    rows: "E12, E13, R14",
    received: [
      ack, ...hello, "$2;default;r;_OnRoomJoined;1;0;only the server says that",
      "$3;default;;_OnNamespaceConnected;1;0;only the server says that",
      "$4;default;;_OnAnyEvent;1;0;only the server says that", "$5;;;;;;",
    ],
  },
  "isError=1 with body": { rows: "E16", received: [ack, ...hello] },
  "A<id> from the client (id spoof)": { rows: "A06", received: [], closed: true },
  "H from the client": { rows: "A06, H19", received: [], closed: true },
};

/** The rows that the other probes are about. */
const rows = {
  "garbage, strict server": "C11", "M twice": "A10", "M as binary": "A01", "M with tail": "A01",
  "no ack at all: events queued forever": "A04", "connect twice": "N03",
  "connect with wait lacking $": "C07", "isError=1 without body": "C04",
  "connect with # wait": "C07, C12", "wait with ; escaped": "C07",
  "disconnect a namespace not connected": "N08", "disconnect an unknown namespace": "N08",
  "leave a room not joined": "R05", "join twice": "R03",
  "isError=x isNoOp=y (neither 0 nor 1)": "C03", "isNoOp=1 event": "C09",
  "binary connect frame": "C05", "empty frame": "C10", "native only: M": "V02",
  'garbage, native-capable server, ns "" connected': "V01",
  'garbage, native-capable server, ns "" not connected': "V01",
  "reconnect header by URL": "H04, H06", "reconnect header by URL, lower case": "H04, H06",
  "unknown escaped event": "C02, E02", "two conns cmds pipelined in one write": "E09",
};

let server;
let PlainClient;

before(async () => {
  if (skip) return;
  server = await startInteropServer();
  ({ PlainClient } = await import("./plain-client.mjs"));
});

after(() => server?.stop());

const probes = readProbes();

test("neffos probes: the recording is whole", () => {
  assert.equal(probes.length, 41);
  const names = probes.map(({ name }) => name);
  const spoken = [...Object.keys(better), ...Object.keys(rows)];
  assert.deepEqual(spoken.filter((name) => !names.includes(name)), []);
});

for (const probe of probes) {
  const { rows: row = rows[probe.name], received, closed = false } = better[probe.name] ?? {};
  const title = `neffos probe: ${probe.name}${row ? ` (${row})` : ""}`;
  test(title, { skip, timeout: 10_000 }, async () => {
    const expected = received ?? probe.received.map(describe);
    const client = await PlainClient.open(server.socketUrl + probe.path);
    for (const { data, binary } of probe.sent) client.send(data, binary);
    const answers = (await client.rest()).map(describe);
    assert.deepEqual(answers, expected.map(anonymous));
    assert.equal(client.isOpen, !closed, "the connection is open");
    await client.close();
  });
}

test("neffos probe: text that is not UTF-8 ends the connection (H18)", { skip }, async () => {
  const client = await PlainClient.open(`${server.socketUrl}/ws`);
  client.send(Buffer.from("M\xff", "latin1"), false);
  assert.equal((await client.closed).code, 1007);
});

function describe({ binary, data }) {
  return (binary ? "BIN " : "") + anonymous(data.toString("latin1"));
}

/** Connections are told a random id; one stands for all. */
function anonymous(text) {
  return text.replace(uuid, id);
}
