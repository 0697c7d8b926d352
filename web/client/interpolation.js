import { Motion } from "./motion.js";

/**
 * Shows entities of one map between the patches, a little in the past, so that they move smoothly
 * although patches come in steps and with jitter. They come and go as late as they move; only fields
 * that are not interpolated are those of the last patch.
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
  #leaving = new Map();

  constructor(game, map, { fields = [], turns = [], wraps = {}, delay = 120 } = {}) {
    this.#game = game;
    this.#map = map;
    this.#names = [...fields, ...turns];
    this.#periods = [...fields.map((field) => wraps[field] ?? 0), ...turns.map(() => 2 * Math.PI)];
    this.#delay = (delay / 1000) * game.ticksPerSecond;
    const { state } = game;
    state.onEntered(map, (id) => this.#fresh.add(id));
    state.onChanged(map, (id) => this.#fresh.add(id));
    state.onLeft(map, (id, entity) => this.#leave(id, entity));
    game.onPatch((tick) => this.#take(tick));
    for (const id of this.#entities.keys()) this.#fresh.add(id);
    this.#take(state.tick);
  }

  /** The entities as they are shown at `now`: [id, entity with interpolated fields]. */
  *at(now) {
    const tick = this.#game.tickAt(now);
    for (const [id, motion] of this.#motions) {
      const values = motion.at(tick);
      const { entity, until = Infinity } = this.#leaving.get(id) ?? { entity: this.#entities.get(id) };
      if (tick - this.#delay >= until) this.#forget(id);
      else if (values) yield [id, this.#shown(entity, values)];
    }
  }

  get #entities() {
    return this.#game.state.state[this.#map];
  }

  #shown(entity, values) {
    const shown = { ...entity };
    values.forEach((value, i) => (shown[this.#names[i]] = value));
    return shown;
  }

  #take(tick) {
    for (const [id, one] of this.#leaving) {
      one.until ??= tick;
      if (tick - this.#delay > one.until) this.#forget(id); // nobody has looked meanwhile
    }
    for (const id of this.#fresh) {
      if (this.#leaving.has(id)) this.#forget(id);
      const entity = this.#entities.get(id);
      const values = this.#names.map((name) => entity[name]);
      if (!this.#motions.has(id)) this.#motions.set(id, new Motion(this.#periods, this.#delay));
      this.#motions.get(id).add(tick, values);
    }
    this.#fresh.clear();
  }

  /** What is gone is shown until the moment in which it went. */
  #leave(id, entity) {
    this.#leaving.set(id, { entity: { ...entity } });
    this.#fresh.delete(id);
  }

  #forget(id) {
    this.#motions.delete(id);
    this.#leaving.delete(id);
  }
}
