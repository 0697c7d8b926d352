/** The field wraps at its edges. */
export const field = { width: 3200, height: 2400 };

/** The short way from one place to another. */
export const near = (from, to) => ({
  x: short(to.x - from.x, field.width),
  y: short(to.y - from.y, field.height),
});

const short = (distance, size) => distance - size * Math.round(distance / size);

const colors = { space: "#0b0d17", own: "#ffcf5b", other: "#6cc5ff", flame: "#ff8a4c", rock: "#565d80" };
const burstTime = 700;
const mapWidth = 180;

/** Draws the field around one's own ship, and a map of all of it. */
export class Scene {
  /** How many pictures were drawn. */
  frames = 0;
  #canvas;
  #context;
  #places = new Map();
  #bursts = [];
  #eye = { x: 0, y: 0 };

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  /** A ship is lost where it was seen last. */
  explode(id) {
    const place = this.#places.get(id);
    if (place) this.#bursts.push({ ...place, since: performance.now() });
  }

  draw(now, { ships, shots, rocks }, own) {
    const context = this.#begin();
    if (ships.get(own)?.is_alive) this.#eye = ships.get(own);
    this.#stars();
    for (const [id, rock] of rocks) this.#at(rock, () => this.#rock(rock, id, now));
    for (const [, shot] of shots) this.#at(shot, () => this.#disc("#ffe9a8", 2.5));
    for (const [id, ship] of ships) {
      this.#places.set(id, ship);
      if (ship.is_alive) this.#at(ship, () => this.#ship(ship, id === own));
    }
    this.#bursts = this.#bursts.filter(({ since }) => now - since < burstTime);
    for (const burst of this.#bursts) this.#at(burst, () => this.#burst(now - burst.since));
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.#map(ships, own);
    this.frames += 1;
  }

  #begin() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      Object.assign(this.#canvas, { width: wide, height: high });
    }
    const context = this.#context;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.fillStyle = colors.space;
    context.fillRect(0, 0, width, height);
    context.translate(width / 2, height / 2);
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    return context;
  }

  /** Calls `paint` with the origin at a place, unless that is out of sight. */
  #at(place, paint) {
    const context = this.#context;
    const { x, y } = near(this.#eye, place);
    const margin = 60;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (Math.abs(x) > width / 2 + margin || Math.abs(y) > height / 2 + margin) return;
    context.save();
    context.translate(x, y);
    paint();
    context.restore();
  }

  #stars() {
    const { x: left, y: top } = this.#eye;
    for (let i = 0; i < 240; ++i) {
      const depth = 0.25 + (i % 4) * 0.25; // of the field's size, so that edges are not seen
      const [wide, high] = [field.width * depth, field.height * depth];
      const x = short(((i * 733) % wide) - left * depth, wide);
      const y = short(((i * 397) % high) - top * depth, high);
      this.#context.fillStyle = `rgb(150 160 220 / ${0.3 + depth / 2})`;
      this.#context.fillRect(x, y, 1 + depth * 1.5, 1 + depth * 1.5);
    }
  }

  #ship({ heading, thrusts, name }, isOwn) {
    const context = this.#context;
    context.fillStyle = isOwn ? colors.own : "#9aa3c7";
    context.fillText(name, 0, 32);
    context.rotate(heading);
    if (thrusts) this.#path(colors.flame, [[-8, -4], [-18 - 6 * Math.random(), 0], [-8, 4]]);
    this.#path(isOwn ? colors.own : colors.other, [[16, 0], [-11, 10], [-6, 0], [-11, -10]]);
  }

  #rock({ size }, id, now) {
    const radius = 10 * size + 4;
    const corner = (i) => radius * (0.85 + 0.2 * Math.sin(i * 5 + id));
    this.#context.rotate(id + (now / 4000) * (id % 2 ? 1 : -1));
    this.#context.strokeStyle = "#868eb8";
    this.#path(colors.rock, Array.from({ length: 9 }, (_, i) =>
      [corner(i) * Math.cos(i * 0.698), corner(i) * Math.sin(i * 0.698)]));
    this.#context.closePath();
    this.#context.stroke();
  }

  #burst(age) {
    const context = this.#context;
    context.globalAlpha = 1 - age / burstTime;
    for (let i = 0; i < 18; ++i) {
      context.rotate(0.35);
      context.save();
      context.translate(age * (0.05 + 0.01 * (i % 5)), 0);
      this.#disc(colors.flame, 2.5);
      context.restore();
    }
  }

  #map(ships, own) {
    const context = this.#context;
    const scale = mapWidth / field.width;
    const height = field.height * scale;
    context.translate(this.#canvas.clientWidth - mapWidth - 12, this.#canvas.clientHeight - height - 12);
    context.fillStyle = "rgb(30 36 66 / 0.7)";
    context.fillRect(0, 0, mapWidth, height);
    for (const [id, { x, y, is_alive: isAlive }] of ships) {
      if (!isAlive) continue;
      context.fillStyle = id === own ? colors.own : colors.other;
      const [left, top] = [(x + field.width) % field.width, (y + field.height) % field.height];
      context.fillRect(left * scale - 1.5, top * scale - 1.5, 3, 3);
    }
  }

  #path(color, points) {
    const context = this.#context;
    context.fillStyle = color;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.fill();
  }

  #disc(color, radius) {
    const context = this.#context;
    context.fillStyle = color;
    context.beginPath();
    context.arc(0, 0, radius, 0, 7);
    context.fill();
  }
}
