/** The arena: joins a room, sends what the keys say, and draws what the server shows. */
import { connect, joinOrCreate, takeSeat, Interpolation, Prediction } from "../client/troupe.js";
import { Scene, field, near } from "./scene.js";

/** So much in the past others are shown: two patches of 15 per second, and their jitter. */
const delay = 160;
const motion = { fields: ["x", "y"], turns: ["heading"], wraps: { x: field.width, y: field.height } };

/** How ships fly; the same as in examples/arena/arena.cpp. */
const [turnPerSecond, thrust, drag] = [4, 420, 0.4];

function fly(ship, input, seconds) {
  ship.heading += input.turn * turnPerSecond * seconds;
  ship.thrusts = input.thrust;
  const push = input.thrust ? thrust * seconds : 0;
  const rest = 1 - drag * seconds;
  ship.dx = (ship.dx + Math.cos(ship.heading) * push) * rest;
  ship.dy = (ship.dy + Math.sin(ship.heading) * push) * rest;
  ship.x += ship.dx * seconds;
  ship.y += ship.dy * seconds;
}

/** Patches tell places: how fast it flies is what lies between two of them. */
function findSpeed(ship, last, seconds) {
  const way = near(last, ship);
  const gained = ship.thrusts ? (thrust * seconds) / 2 : 0;
  ship.dx = way.x / seconds + gained * Math.cos(ship.heading);
  ship.dy = way.y / seconds + gained * Math.sin(ship.heading);
}

const keys = {
  ArrowLeft: "left", KeyA: "left", ArrowRight: "right", KeyD: "right",
  ArrowUp: "thrust", KeyW: "thrust", Space: "fire",
};
const element = (id) => document.getElementById(id);
const scene = new Scene(element("view"));

function name() {
  const made = localStorage.getItem("name") ?? `pilot ${Math.floor(Math.random() * 900 + 100)}`;
  localStorage.setItem("name", made);
  return made;
}

/** The ship of this page before it was loaded again, or a new one. */
async function enter(client) {
  const seat = JSON.parse(sessionStorage.getItem("seat"));
  sessionStorage.removeItem("seat");
  const enterNew = () => joinOrCreate(client, { kind: "arena" }, name());
  return seat ? takeSeat(client, seat).catch(enterNew) : enterNew();
}

async function play() {
  const client = await connect("/rooms");
  const arena = await enter(client);
  addEventListener("pagehide", () => {
    sessionStorage.setItem("seat", JSON.stringify(arena.seat));
    client.close({ comingBack: true });
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload()); // from "back"
  client.onReconnecting(({ attempt }) => tell(`Reconnecting, attempt ${attempt}`));
  client.onResume(() => tell(""));
  client.onClose(({ reason }) => tell(`Closed. ${reason}`));
  arena.room.onLeft(() => location.reload()); // the seat is lost: take another one
  const own = new Prediction(arena, "ships", {
    ...motion, step: fly, derive: findSpeed, isOn: (ship) => ship.is_alive, jump: 150,
    still: { turn: 0, thrust: false },
  });
  listen(arena, own);
  show(client, arena, own);
  tell("");
  globalThis.troupeArena = { client, arena, own, scene }; // for tests, and for the curious
}

function tell(text) {
  element("status").textContent = text;
  element("status").hidden = !text;
}

/** Sends what is held whenever it changes. */
function listen(arena, own) {
  const held = new Set();
  const send = () => {
    const input = {
      turn: (held.has("right") ? 1 : 0) - (held.has("left") ? 1 : 0),
      thrust: held.has("thrust"),
      fire: held.has("fire"),
    };
    if (arena.input("steer", input)) own.input(input);
  };
  const change = (event, isDown) => {
    const key = keys[event.code];
    if (!key) return;
    event.preventDefault();
    if (held.has(key) === isDown) return;
    if (isDown) held.add(key);
    else held.delete(key);
    send();
  };
  addEventListener("keydown", (event) => change(event, true));
  addEventListener("keyup", (event) => change(event, false));
  addEventListener("blur", () => {
    held.clear();
    send();
  });
}

function show(client, arena, own) {
  const ships = new Interpolation(arena, "ships", { ...motion, delay });
  const shots = new Interpolation(arena, "shots", { ...motion, turns: [], delay });
  const rocks = new Interpolation(arena, "rocks", { ...motion, turns: [], delay });
  arena.on("destroyed", (id) => scene.explode(id));
  const draw = (now) => {
    const all = new Map(ships.at(now));
    const [past, ahead] = [all.get(arena.playerId), own.at(now)];
    const flying = own.lead(shots.at(now), ({ by }) => by === arena.playerId, past, now);
    if (ahead) all.set(arena.playerId, ahead);
    scene.draw(now, { ships: all, shots: flying, rocks: rocks.at(now) }, arena.playerId);
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  setInterval(() => rank(client, arena), 500);
}

function rank(client, arena) {
  const { ships, rocks } = arena.state.state;
  const sorted = [...ships].sort(([, a], [, b]) => b.score - a.score);
  const place = sorted.findIndex(([id]) => id === arena.playerId);
  const lines = sorted.slice(0, 8).map((entry, index) => [index, entry]);
  if (place >= lines.length) lines.push([place, sorted[place]]);
  element("scores").replaceChildren(...lines.map(([index, [id, { name, score }]]) => {
    const line = document.createElement("li");
    if (id === arena.playerId) line.className = "own";
    for (const text of [index + 1, name, score]) {
      line.append(Object.assign(document.createElement("span"), { textContent: text }));
    }
    return line;
  }));
  const rtt = Math.round(client.rtt ?? 0);
  element("facts").textContent = `${ships.size} ships, ${rocks.size} rocks near, ${rtt} ms`;
}

play().catch((error) => tell(`Cannot play: ${error.message}`));
