/** The browser script of the legacy iris protocol, with sockets that the tests answer by hand. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const source = readFileSync(new URL("../iris/iris-ws.js", import.meta.url), "utf8");
const prefix = "iris-websocket-message:";

class FakeSocket {
  readyState = 0;
  sent = [];

  constructor(url, ...more) {
    Object.assign(this, { url, more });
  }

  send(frame) {
    assert.equal(this.readyState, 1, "a browser throws when the connection is not open");
    this.sent.push(frame);
  }

  close() {
    this.end();
  }

  open() {
    this.readyState = 1;
    this.onopen();
    return this;
  }

  end() {
    this.readyState = 3;
    this.onclose({ code: 1000 });
  }

  give(data) {
    this.onmessage({ data });
  }
}

/** The script as a page has it: a global `Ws`. */
function load(text = source, location = { href: "https://example.com/pages/chat.html" }) {
  const thrown = [];
  const queueMicrotask = (run) => {
    try {
      run();
    } catch (error) {
      thrown.push(error);
    }
  };
  const page = {
    WebSocket: FakeSocket, TextEncoder, TextDecoder, URL, Date, ArrayBuffer, Uint8Array, TypeError,
    String, Number, Boolean, location, queueMicrotask,
  };
  page.globalThis = page;
  vm.runInNewContext(`(function (globalThis) {${text}})(scope)`, { ...page, scope: page });
  return { Ws: page.Ws, thrown };
}

const { Ws } = load();

function connected() {
  const ws = new Ws("ws://example.com/");
  ws.conn.open();
  return ws;
}

/** What a listener is called with. */
function heard(subscribe) {
  const calls = [];
  subscribe((...values) => calls.push(values));
  return calls;
}

test("iris (L01, L02): values travel with the type that they have", () => {
  const ws = connected();
  const cases = [
    ["hello", "0;hello"], ["a;b;c", "0;a;b;c"], ["", "0;"], ["日本", "0;日本"], [undefined, "0;"],
    [42, "1;42"], [-7, "1;-7"], [9007199254740991, "1;9007199254740991"], [12n, "1;12"],
    [new Number(4), "1;4"], [new String("s"), "0;s"],
    [true, "2;true"], [false, "2;false"], [new Boolean(false), "2;false"],
    [{ a: 1, b: ["x", "y;z"] }, '4;{"a":1,"b":["x","y;z"]}'], [[1, 2], "4;[1,2]"],
  ];
  for (const [value, expected] of cases) {
    assert.equal(ws.Emit("e", value), true);
    assert.equal(ws.conn.sent.at(-1), `${prefix}e;${expected}`);
  }
});

test("iris (L06): what used to go as an unreadable integer has a type that servers read", () => {
  const ws = connected();
  const cases = [
    [1.5, "4;1.5"], [1e21, "4;1e+21"], [NaN, "0;NaN"], [Infinity, "0;Infinity"], [[], "4;[]"],
    [[5], "4;[5]"], [null, "4;null"], [new Date(0), "0;1970-01-01T00:00:00.000Z"],
    [new Date(NaN), "0;Invalid Date"], [2n ** 64n, "0;18446744073709551616"],
  ];
  for (const [value, expected] of cases) {
    ws.Emit("e", value);
    assert.equal(ws.conn.sent.at(-1), `${prefix}e;${expected}`);
  }
});

test("iris (L06): a text is an integer only if it comes out as it went in", () => {
  const ws = connected();
  const asInteger = ["42", "0", "-7"];
  const asText = ["007", "-0", "1.5", " 5", "5 ", "1e3", "0x10", "+1", "", "99999999999999999999"];
  for (const text of [...asInteger, ...asText]) {
    ws.Emit("e", text);
    const type = asInteger.includes(text) ? 1 : 0;
    assert.equal(ws.conn.sent.at(-1), `${prefix}e;${type};${text}`);
  }
});

test("iris (L02): bytes travel as bytes, in a binary message", () => {
  const ws = connected();
  for (const bytes of [new Uint8Array([0, 255, 59]), new Uint8Array([9, 0, 255, 59]).subarray(1)]) {
    ws.Emit("b", bytes);
    assert.equal(Buffer.from(ws.conn.sent.pop()).toString("latin1"), `${prefix}b;3;\u0000\u00ff;`);
  }
  ws.Emit("b", new Uint8Array([7]).buffer);
  assert.equal(Buffer.from(ws.conn.sent.pop()).toString("latin1"), `${prefix}b;3;\u0007`);
});

test("iris (L01): an event's name with a semicolon is refused", () => {
  const ws = connected();
  assert.throws(() => ws.Emit("a;b", "x"), /no semicolon: "a;b"/);
  assert.deepEqual(ws.conn.sent, []);
});

test("iris (L02, L03): listeners get strings, whatever the type", () => {
  const ws = connected();
  const calls = heard((listener) => ws.On("e", listener));
  for (const data of ["0;a;b;c", "1;42", "2;true", "3;raw;bytes", '4;{"a":1}', "1;", "0;"])
    ws.conn.give(`${prefix}e;${data}`);
  ws.conn.give(`${prefix}other;0;x`);
  const texts = ["a;b;c", "42", "true", "raw;bytes", '{"a":1}', "", ""];
  assert.deepEqual(calls, texts.map((text) => [text, undefined]));
});

test("iris (L11): binary messages are read too, and give the bytes as well", () => {
  const ws = connected();
  const calls = heard((listener) => ws.On("é", listener));
  const natives = heard((listener) => ws.OnMessage(listener));
  ws.conn.give(new TextEncoder().encode(`${prefix}é;0;täxt`).buffer);
  const front = new TextEncoder().encode(`${prefix}é;3;`);
  ws.conn.give(new Uint8Array([...front, 0, 255]).buffer);
  ws.conn.give(new Uint8Array([104, 105]).buffer);
  assert.equal(calls[0][0], "täxt");
  assert.deepEqual([...calls[1][1]], [0, 255]);
  assert.deepEqual(natives.map(([text, bytes]) => [text, [...bytes]]), [["hi", [104, 105]]]);
});

test("iris (L04): what does not begin with the prefix is a native message", () => {
  const ws = connected();
  const events = heard((listener) => ws.On("str", listener));
  const natives = heard((listener) => ws.OnMessage(listener));
  const texts = ["plain", `x ${prefix}str;0;not a prefix`, "", "a;0;b"];
  for (const text of texts) ws.conn.give(text);
  assert.deepEqual(natives.map(([text]) => text), texts);
  assert.deepEqual(events, []);
  assert.equal(ws.EmitMessage("plain text"), true);
  assert.deepEqual(ws.conn.sent, ["plain text"]);
});

test("iris (L08): malformed events go to OnMessage and break nothing", () => {
  const ws = connected();
  const natives = heard((listener) => ws.OnMessage(listener));
  const texts = ["boom", "a;", "str;9;x", "str;x;x", "str;0"].map((rest) => prefix + rest);
  for (const text of texts) ws.conn.give(text);
  assert.deepEqual(natives.map(([text]) => text), texts);
});

test("iris (L10): the prefix is what the server wrote into the script", () => {
  const { Ws: Other } = load(source.replace(`"${prefix}"`, '"go-websocket-message:"'));
  const ws = new Other("ws://example.com/");
  ws.conn.open();
  const calls = heard((listener) => ws.On("e", listener));
  ws.Emit("e", "x");
  ws.conn.give("go-websocket-message:e;0;y");
  ws.conn.give(`${prefix}e;0;z`);
  assert.deepEqual(ws.conn.sent, ["go-websocket-message:e;0;x"]);
  assert.deepEqual(calls, [["y", undefined]]);
  assert.equal(source.split(`"${prefix}"`).length, 2, "the server replaces one literal");
});

test("iris (M14): what is sent before the connection is open is sent when it is", () => {
  const ws = new Ws("ws://example.com/");
  ws.OnConnect(() => ws.Emit("third", 3));
  assert.equal(ws.Emit("first", 1), true);
  assert.equal(ws.EmitMessage("second"), true);
  ws.conn.open();
  assert.deepEqual(ws.conn.sent, [`${prefix}first;1;1`, "second", `${prefix}third;1;3`]);
});

test("iris (M14): connect and disconnect listeners, early and late", () => {
  const ws = new Ws("ws://example.com/");
  const early = heard((listener) => ws.OnConnect(listener));
  const gone = heard((listener) => ws.OnDisconnect(listener));
  assert.deepEqual(early, []);
  ws.conn.open();
  const late = heard((listener) => ws.OnConnect(listener));
  assert.deepEqual([early.length, late.length, gone.length], [1, 1, 0]);
  ws.Disconnect();
  assert.deepEqual([early.length, late.length, gone.length], [1, 1, 1]);
  assert.equal(ws.Emit("e", "x"), false);
});

test("iris (M14): a listener that throws keeps nothing from the others", () => {
  const { Ws: Own, thrown } = load();
  const ws = new Own("ws://example.com/");
  ws.conn.open();
  ws.On("e", () => {
    throw new Error("mine");
  });
  const calls = heard((listener) => ws.On("e", listener));
  ws.conn.give(`${prefix}e;0;x`);
  assert.equal(calls.length, 1);
  assert.deepEqual(thrown.map(({ message }) => message), ["mine"]);
});

test("iris (M14): addresses of all sorts, and subprotocols", () => {
  const address = (url, ...more) => {
    const { conn } = new Ws(url, ...more);
    return [conn.url, ...conn.more];
  };
  assert.deepEqual(address("ws://a/x"), ["ws://a/x"]);
  assert.deepEqual(address("wss://a/x"), ["wss://a/x"]);
  assert.deepEqual(address("news.example.com/x"), ["ws://news.example.com/x"]);
  assert.deepEqual(address("https://a/x"), ["wss://a/x"]);
  assert.deepEqual(address("/chat?room=1"), ["wss://example.com/chat?room=1"]);
  assert.deepEqual(address("ws://a/", []), ["ws://a/"]);
  assert.deepEqual(address("ws://a/", ["p"]), ["ws://a/", ["p"]]);
  assert.deepEqual(address("ws://a/", "p"), ["ws://a/", "p"]);
});
