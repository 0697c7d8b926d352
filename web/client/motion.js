/** More than any sensible delay takes. */
const mostSamples = 16;

/**
 * The last numbers of one entity, to show it as it was a little ago: between two samples it moves
 * evenly. troupe/game/motion_buffer.hpp does the same; tests/golden/motion.json holds both to it.
 *
 * An entity is not shown before its first sample, and stays where it is after its last one. One that
 * was silent for longer than `delay` stood still until `delay` before its next sample. All times are
 * ticks, with fractions.
 */
export class Motion {
  #periods;
  #delay;
  #samples = [];

  /** @param periods  one per number: the size at which it starts over, and 0 if it does not */
  constructor(periods, delay) {
    this.#periods = periods;
    this.#delay = delay;
  }

  add(tick, values) {
    const samples = this.#samples;
    const last = samples.at(-1);
    if (last && last.tick < tick - this.#delay) {
      samples.push({ tick: tick - this.#delay, values: last.values });
    }
    samples.push({ tick, values });
    if (samples.length > mostSamples) samples.splice(0, samples.length - mostSamples);
  }

  /** The numbers that are shown when the room is in tick `now`: `delay` ago; undefined before all. */
  at(now) {
    const when = now - this.#delay;
    if (!(when >= this.#samples[0]?.tick)) return undefined;
    const found = this.#samples.findIndex(({ tick }) => tick > when);
    const later = found < 0 ? this.#samples.length - 1 : found;
    const to = this.#samples[later];
    const from = this.#samples[Math.max(later - 1, 0)];
    const length = to.tick - from.tick;
    const part = length > 0 ? Math.min(Math.max((when - from.tick) / length, 0), 1) : 1;
    return this.#periods.map((period, i) =>
      wrap(from.values[i] + part * shortest(to.values[i] - from.values[i], period), period));
  }
}

/** Per patch: how many ms an old judgement fades, and how much a new one is trusted. */
const fading = 0.1;
const trust = 0.125;

/**
 * In which tick a room is, judged by when its patches arrive: those that were fastest on their way
 * tell best. Clocks drift, so that an old judgement fades; a new one is taken over little by
 * little, so that what is shown by it does not jump.
 */
export class TickClock {
  #offset = Infinity;
  #tickLength;

  constructor(ticksPerSecond) {
    this.#tickLength = 1000 / ticksPerSecond;
  }

  arrived(tick, now) {
    const found = now - tick * this.#tickLength;
    if (this.#offset === Infinity) this.#offset = found;
    else if (found < this.#offset) this.#offset += (found - this.#offset) * trust;
    else this.#offset = Math.min(this.#offset + fading, found);
  }

  /** The tick whose state comes at `now` if it is as fast as the fastest; with its fraction. */
  at(now) {
    return (now - this.#offset) / this.#tickLength;
  }
}

/** The short way round. */
export function shortest(distance, period) {
  return period === 0 ? distance : distance - period * Math.round(distance / period);
}

function wrap(value, period) {
  return period === 0 ? value : ((value % period) + period) % period;
}
