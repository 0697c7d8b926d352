/** Draws the field around one's own ship; the field wraps at its edges. */
export class Scene {
  #canvas;
  #context;
  #field;
  #places = new Map();
  #bursts = [];

  constructor(canvas, field) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#field = field;
  }

  /** A ship is lost where it was seen last. */
  explode(id) {
    const place = this.#places.get(id);
    if (place) this.#bursts.push({ ...place, since: performance.now() });
  }

  draw(now, { ships, shots, rocks }, own) {
    const context = this.#begin();
    const eye = ships.find(([id]) => id === own)?.[1] ?? ships[0]?.[1] ?? { x: 0, y: 0 };
    this.#stars(eye);
    for (const [, rock] of rocks) this.#at(rock, eye, () => this.#rock(rock));
    context.fillStyle = "#ffe9a8";
    for (const [, shot] of shots) this.#at(shot, eye, () => this.#disc(2.5));
    for (const [id, ship] of ships) {
      this.#places.set(id, { x: ship.x, y: ship.y });
      if (ship.is_alive) this.#at(ship, eye, () => this.#ship(ship, id === own));
    }
    this.#bursts = this.#bursts.filter(({ since }) => now - since < 700);
    for (const burst of this.#bursts) this.#at(burst, eye, () => this.#burst(now - burst.since));
  }

  #begin() {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = devicePixelRatio;
    if (this.#canvas.width !== clientWidth * scale || this.#canvas.height !== clientHeight * scale)
      Object.assign(this.#canvas, { width: clientWidth * scale, height: clientHeight * scale });
    const context = this.#context;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "#0b0d17";
    context.fillRect(0, 0, clientWidth, clientHeight);
    context.translate(clientWidth / 2, clientHeight / 2);
    return context;
  }

  /** Calls `paint` with the origin at a place, seen from the eye the short way round. */
  #at(place, eye, paint) {
    const context = this.#context;
    context.save();
    context.translate(near(place.x - eye.x, this.#field.width), near(place.y - eye.y, this.#field.height));
    paint();
    context.restore();
  }

  #stars(eye) {
    this.#context.fillStyle = "#39406b";
    for (let i = 0; i < 160; ++i) {
      const depth = 0.3 + (i % 5) * 0.1;
      const x = near((i * 733) % 1600 - eye.x * depth, 1600);
      const y = near((i * 397) % 1200 - eye.y * depth, 1200);
      this.#context.fillRect(x, y, 1 + (i % 2), 1 + (i % 2));
    }
  }

  #ship({ heading, thrusts, name }, isOwn) {
    const context = this.#context;
    context.fillStyle = "#9aa3c7";
    context.textAlign = "center";
    context.fillText(name, 0, 30);
    context.rotate(heading);
    if (thrusts) this.#path("#ff8a4c", [[-9, -4], [-22, 0], [-9, 4]]);
    this.#path(isOwn ? "#ffcf5b" : "#6cc5ff", [[16, 0], [-11, 10], [-6, 0], [-11, -10]]);
  }

  #rock({ size }) {
    const radius = 10 * size + 4;
    const corner = (i) => radius * (0.8 + 0.2 * Math.sin(i * 5 + size));
    const points = Array.from({ length: 9 }, (_, i) =>
      [corner(i) * Math.cos(i * 0.698), corner(i) * Math.sin(i * 0.698)]);
    this.#path("#565d80", points);
  }

  #burst(age) {
    const context = this.#context;
    context.globalAlpha = 1 - age / 700;
    context.fillStyle = "#ff8a4c";
    for (let i = 0; i < 14; ++i) {
      context.save();
      context.rotate(i * 0.45);
      context.translate(age * 0.08, 0);
      this.#disc(2);
      context.restore();
    }
  }

  #path(color, points) {
    const context = this.#context;
    context.fillStyle = color;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.fill();
  }

  #disc(radius) {
    this.#context.beginPath();
    this.#context.arc(0, 0, radius, 0, 7);
    this.#context.fill();
  }
}

/** The short way round. */
function near(distance, size) {
  return distance - size * Math.round(distance / size);
}
