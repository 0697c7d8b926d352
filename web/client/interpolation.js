import { Motion } from "./motion.js";

/**
 * Shows entities of one map between the patches, a little in the past, so that they move smoothly
 * although patches come in steps and with jitter.
 *
 *     const ships = new Interpolation(arena, "ships", { fields: ["x", "y"], turns: ["heading"] });
 *     for (const [id, ship] of ships.at(performance.now())) draw(ship);
 *
 * @param options.fields  numbers to interpolate
 * @param options.turns   the same for angles in radians, the short way round
 * @param options.wraps   {field: size}: numbers that start over at this size
 * @param options.delay   ms in the past: two patches and their jitter; later ones are seen as jumps
 */
export class Interpolation {
  #game;
  #map;
  #names;
  #periods;
  #delay;
  #motions = new Map();
  #fresh = new Set();

  constructor(game, map, { fields = [], turns = [], wraps = {}, delay = 120 } = {}) {
    this.#game = game;
    this.#map = map;
    this.#names = [...fields, ...turns];
    this.#periods = [...fields.map((field) => wraps[field] ?? 0), ...turns.map(() => 2 * Math.PI)];
    this.#delay = (delay / 1000) * game.ticksPerSecond;
    const { state } = game;
    state.onEntered(map, (id) => this.#fresh.add(id));
    state.onChanged(map, (id) => this.#fresh.add(id));
    state.onLeft(map, (id) => this.#forget(id));
    game.onPatch((tick) => this.#take(tick));
    for (const id of this.#entities.keys()) this.#fresh.add(id);
    this.#take(state.tick);
  }

  /** The entities as they are shown at `now`: [id, entity with interpolated fields]. */
  *at(now) {
    const tick = this.#game.tickAt(now);
    for (const [id, motion] of this.#motions) {
      const shown = { ...this.#entities.get(id) };
      motion.at(tick).forEach((value, i) => (shown[this.#names[i]] = value));
      yield [id, shown];
    }
  }

  get #entities() {
    return this.#game.state.state[this.#map];
  }

  #take(tick) {
    for (const id of this.#fresh) {
      const entity = this.#entities.get(id);
      const values = this.#names.map((name) => entity[name]);
      if (!this.#motions.has(id)) this.#motions.set(id, new Motion(this.#periods, this.#delay));
      this.#motions.get(id).add(tick, values);
    }
    this.#fresh.clear();
  }

  #forget(id) {
    this.#motions.delete(id);
    this.#fresh.delete(id);
  }
}
