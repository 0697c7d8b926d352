import { connect, joinOrCreate, Interpolation } from "/client/troupe.js";

const status = document.getElementById("status");
const context = document.getElementById("view").getContext("2d");

const client = await connect("/rooms");
const meadow = await joinOrCreate(client, { kind: "meadow" }, `Guest ${Math.floor(Math.random() * 100)}`);
client.onReconnecting(() => (status.textContent = "Reconnecting"));

// The keys that are held say where to.
const held = new Set();
const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
for (const type of ["keydown", "keyup"])
  addEventListener(type, (event) => {
    if (!directions[event.code] || event.repeat) return;
    event.preventDefault();
    if (type === "keydown") held.add(event.code);
    else held.delete(event.code);
    const [x, y] = [...held].reduce(([x, y], key) => [x + directions[key][0], y + directions[key][1]], [0, 0]);
    meadow.input("walk", { x, y });
  });

// The state follows the server's 20 times per second; what moves is drawn smoothly in between.
const walkers = new Interpolation(meadow, "walkers", { fields: ["x", "y"] });

function disc(x, y, radius, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fill();
}

function draw(now) {
  context.clearRect(0, 0, 800, 600);
  for (const { x, y } of meadow.state.state.coins.values()) disc(x, y, 8, "#d9a400");
  for (const [id, { x, y, name, coins }] of walkers.at(now)) {
    disc(x, y, 14, id === meadow.playerId ? "#c2410c" : "#3b6ea5");
    context.fillStyle = "#333";
    context.textAlign = "center";
    context.fillText(`${name}: ${coins}`, x, y - 20);
  }
  status.textContent = `${meadow.state.state.walkers.size} here. Arrow keys to walk.`;
  requestAnimationFrame(draw);
}
requestAnimationFrame(draw);
