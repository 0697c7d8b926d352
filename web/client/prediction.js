import { shortest } from "./motion.js";

/** What lies farther ahead is guesswork, in ticks. */
const farthest = 30;

/**
 * Shows one's own entity ahead of what the server has told, so that it answers to inputs at once: from
 * the last patch on it goes by the inputs that the room will have had by then. Where a patch shows that
 * it was elsewhere, it goes there little by little.
 *
 *     const own = new Prediction(arena, "ships", { step: fly, fields: ["x", "y"], turns: ["heading"] });
 *     if (arena.input("steer", wish)) own.input(wish);
 *     draw(own.at(performance.now()) ?? ships.get(arena.playerId));
 *
 * @param options.step    (entity, input, seconds): changes the entity as the room would
 * @param options.derive  (entity, last, seconds): adds what patches do not tell, such as speeds;
 *                        `last` is the entity before, at first itself
 * @param options.isOn    whether an entity can be predicted; else it is shown as the server says
 * @param options.still   the input before the first one
 * @param options.fields, options.turns, options.wraps  as of Interpolation
 * @param options.fading  ms within which errors fade
 * @param options.jump    an error of a field beyond this is shown at once
 */
export class Prediction {
  #game;
  #map;
  #options;
  #periods;
  #inputs;
  #known;
  #errors;
  #shownAt = 0;
  #leads = new Map();

  constructor(game, map, options) {
    const { fields, turns = [], wraps = {}, still = {} } = options;
    this.#game = game;
    this.#map = map;
    this.#options = { derive: () => {}, isOn: () => true, fading: 120, jump: Infinity, ...options };
    this.#periods = new Map(fields.map((field) => [field, wraps[field] ?? 0]));
    for (const field of turns) this.#periods.set(field, 2 * Math.PI);
    this.#inputs = [{ tick: 0, value: still }];
    this.#forget();
    game.onPatch((tick) => this.#correct(tick, performance.now()));
  }

  /** An input is sent: it counts from when the room has it. */
  input(value) {
    this.#inputs.push({ tick: this.#game.arrivalTick(), value });
    if (this.#inputs.length > 1_000) this.#inputs.shift();
  }

  /** The entity at `now`; undefined while it cannot be predicted. */
  at(now) {
    if (!this.#known) return undefined;
    const rest = Math.exp(Math.min(this.#shownAt - now, 0) / this.#options.fading);
    this.#shownAt = now;
    const entity = this.#goOn(now);
    for (const [field, error] of this.#errors) {
      this.#errors.set(field, error * rest);
      entity[field] += error * rest;
    }
    return entity;
  }

  /**
   * Shows what one's own entity has sent out, its shots say, where that is drawn: in the past of an
   * Interpolation they would begin behind it. Each is as far ahead as the entity was when it came,
   * and less and less within `fading` ms; all others are as they are.
   *
   * @param entities  [id, entity], as an Interpolation shows them
   * @param isOwn     (entity): whether one's own entity has sent it out
   * @param past      one's own entity as the same Interpolation would show it; undefined if it is not
   */
  *lead(entities, isOwn, past, now, fading = 1_000) {
    const leads = new Map();
    for (const [id, entity] of entities) {
      if (isOwn(entity)) leads.set(id, this.#leads.get(id) ?? this.#leadOver(past, now));
      yield [id, leads.has(id) ? led(entity, leads.get(id), now, fading) : entity];
    }
    this.#leads = leads;
  }

  #leadOver(past, now) {
    const ahead = past && this.at(now);
    const periods = ahead ? [...this.#periods] : [];
    const distances = periods.map(([field, period]) => [field, shortest(ahead[field] - past[field], period)]);
    return { since: now, distances };
  }

  #correct(tick, now) {
    const before = this.at(now);
    const last = this.#known;
    const entity = this.#game.state.state[this.#map].get(this.#game.playerId);
    this.#known = entity && this.#options.isOn(entity) ? { tick, entity: { ...entity } } : undefined;
    this.#inputs.splice(0, this.#inputs.findLastIndex((input) => input.tick <= tick));
    if (!this.#known) return this.#forget();
    const ticks = last ? tick - last.tick : 1;
    const { derive } = this.#options;
    derive(this.#known.entity, last?.entity ?? entity, ticks / this.#game.ticksPerSecond);
    if (!last) return this.#forget();
    const after = this.#goOn(now);
    for (const [field, period] of this.#periods) {
      this.#errors.set(field, shortest(before[field] - after[field], period));
    }
    if ([...this.#errors.values()].some((error) => Math.abs(error) > this.#options.jump)) this.#forget();
  }

  #forget() {
    this.#errors = new Map([...this.#periods.keys()].map((field) => [field, 0]));
  }

  #goOn(now) {
    const { tick: start, entity } = this.#known;
    const ahead = { ...entity };
    const end = Math.min(this.#game.arrivalTick(now), start + farthest);
    for (let tick = start; tick < end; ++tick) {
      const { value } = this.#inputs.findLast((each) => each.tick <= tick + 1) ?? this.#inputs[0];
      this.#options.step(ahead, value, Math.min(end - tick, 1) / this.#game.ticksPerSecond);
    }
    return ahead;
  }
}

function led(entity, { since, distances }, now, fading) {
  const rest = Math.max(1 - (now - since) / fading, 0);
  const shown = { ...entity };
  for (const [field, distance] of distances) if (field in shown) shown[field] += distance * rest;
  return shown;
}
