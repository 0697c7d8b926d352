/**
 * The JavaScript client of Troupe, for browsers and Node.
 *
 *     import { connect } from "./troupe.js";
 *
 *     const client = await connect("/demo");
 *     const room = await client.join("lobby");
 *     room.on("say", (sender, text) => console.log(sender, text));
 *     room.emit("say", "hello");
 *     console.log(await client.ask("sum", 1, 2));
 */
import { Client } from "./client.js";
import { TroupeError } from "./errors.js";
import { Session } from "./session.js";

export { Client } from "./client.js";
export { TroupeError } from "./errors.js";
export {
  GameRoom, createRoom, findRooms, joinById, joinMatching, joinOrCreate, match, takeSeat, watchRooms,
} from "./game.js";
export { Interpolation } from "./interpolation.js";
export { Extension } from "./msgpack.js";
export { Prediction } from "./prediction.js";
export { Room } from "./room.js";
export { StateMirror } from "./state.js";

const systemTimers = Object.freeze({
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (timer) => clearTimeout(timer),
  now: () => performance.now(),
  random: () => Math.random(),
});

const reconnectDefaults = Object.freeze({ min: 250, max: 10_000, attempts: Infinity });

/**
 * Connects to an endpoint of a Troupe server and gives a Client once the server has said hello.
 * Rejects with a TroupeError when the first connection fails; later cuts are healed.
 *
 * @param url  ws:, wss:, http: or https:, and in a page also relative to the page.
 * @param options.reconnect   false, or {min, max, attempts}: delays in ms, default 250 to 10,000,
 *                            without end. A server that closes with 1000 means it: no reconnect.
 * @param options.timeout     ms until hello, and of silence until a cut; default 10,000.
 * @param options.askTimeout  ms until an ask, a join or a leave fails; default 10,000.
 * @param options.heartbeat   ms between two looks at the server's clock; default 10,000.
 * @param options.resume      false: a cut is a new connection, even if the server keeps sessions.
 * @param options.outbox      bytes that may wait to be sent, or for the server's word, in a
 *                            session; default 1 MiB.
 * @param options.protocols   further subprotocols to offer.
 * @param options.WebSocket   the class to use where there is no global one, as in Node 20.
 * @param options.timers      {setTimeout, clearTimeout, now, random}, for tests.
 */
export async function connect(url, options = {}) {
  const session = new Session(complete(url, options));
  await session.start();
  return new Client(session);
}

function complete(url, { reconnect = true, ...options }) {
  const chosen = {
    timeout: 10_000,
    askTimeout: 10_000,
    heartbeat: 10_000,
    resume: true,
    outbox: 1024 * 1024,
    protocols: [],
    WebSocket: globalThis.WebSocket,
    timers: systemTimers,
    ...options,
    url: absolute(url),
    reconnect: reconnect && { ...reconnectDefaults, ...reconnect },
  };
  if (!chosen.WebSocket) {
    throw new TroupeError("refused", "There is no global WebSocket: pass one in the options.");
  }
  return chosen;
}

/** Pages know their server: "/demo" becomes "wss://its.host/demo". */
function absolute(url) {
  const resolved = new URL(url, globalThis.location?.href);
  resolved.protocol = resolved.protocol.replace(/^http/, "ws");
  return resolved.href;
}
