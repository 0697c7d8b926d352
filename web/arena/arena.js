/** The arena: joins a room, sends what the keys say, and draws what the server shows. */
import { connect, joinOrCreate, Interpolation } from "../client/troupe.js";
import { Scene } from "./scene.js";

const field = { width: 3200, height: 2400 };
const tickRate = 30;
const status = document.getElementById("status");
const scores = document.getElementById("scores");
const scene = new Scene(document.getElementById("view"), field);

const keys = {
  ArrowLeft: "left", KeyA: "left", ArrowRight: "right", KeyD: "right",
  ArrowUp: "thrust", KeyW: "thrust", Space: "fire",
};
const held = new Set();

function name() {
  const known = localStorage.getItem("name");
  const made = known ?? `pilot ${Math.floor(Math.random() * 900 + 100)}`;
  localStorage.setItem("name", made);
  return made;
}

async function play() {
  const client = await connect("/rooms");
  client.onReconnecting(({ attempt }) => (status.textContent = `Reconnecting, attempt ${attempt}`));
  client.onClose(({ reason }) => (status.textContent = `Closed: ${reason}`));
  const arena = await joinOrCreate(client, { kind: "arena" }, name());
  status.textContent = `Room ${arena.id.slice(0, 6)}`;
  listen(arena);
  show(client, arena);
}

/** Sends what is held whenever it changes. */
function listen(arena) {
  const send = () => arena.input("steer", {
    turn: (held.has("right") ? 1 : 0) - (held.has("left") ? 1 : 0),
    thrust: held.has("thrust"),
    fire: held.has("fire"),
  });
  const change = (event, isDown) => {
    const key = keys[event.code];
    if (!key || held.has(key) === isDown) return;
    event.preventDefault();
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

function show(client, arena) {
  const wraps = { x: field.width, y: field.height };
  const follow = (map, turns = []) =>
    new Interpolation(arena, map, { fields: ["x", "y"], turns, wraps, tickRate, delay: 150 });
  const things = { ships: follow("ships", ["heading"]), shots: follow("shots"), rocks: follow("rocks") };
  arena.on("destroyed", (id) => scene.explode(id));
  const own = arena.playerId;
  const draw = (now) => {
    const shown = Object.fromEntries(Object.entries(things).map(([kind, each]) => [kind, [...each.at(now)]]));
    scene.draw(now, shown, own);
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  setInterval(() => rank(arena, own, client.rtt), 500);
}

function rank(arena, own, rtt) {
  const ships = [...arena.state.state.ships].sort(([, a], [, b]) => b.score - a.score).slice(0, 10);
  scores.replaceChildren(...ships.map(([id, { name, score }]) => {
    const line = document.createElement("li");
    if (id === own) line.className = "own";
    line.append(Object.assign(document.createElement("span"), { textContent: name }), String(score));
    return line;
  }));
  const count = arena.state.state.ships.size;
  const known = count + arena.state.state.rocks.size + arena.state.state.shots.size;
  status.textContent = `${count} ships, ${known} things in view, ${Math.round(rtt ?? 0)} ms`;
}

play().catch((error) => (status.textContent = `Cannot play: ${error.message}`));
