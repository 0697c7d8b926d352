/** Enough samples to outlast a burst of traffic, few enough to follow a drifting clock. */
const remembered = 8;

/** Round trips measured at once after hello, and the pause between them, in ms. */
const burst = 4;
const burstPause = 250;

/**
 * Follows the server's clock by measured round trips, and notices a server that went silent.
 *
 * Of the last samples the one with the shortest round trip is believed: its two ways had the
 * least chance to differ. The exchanges double as a heartbeat, since a page cannot see pings.
 *
 * `exchange(time)` sends one, and `silent()` is called when no answer came for `timeout` ms.
 */
export class Clock {
  #options;
  #samples = [];
  #offset = 0;
  #rtt;
  #timer;
  #sentAt;
  #left = 0;

  constructor(options) {
    this.#options = options;
  }

  /** The latest measured round trip in ms, smoothed; undefined before the first. */
  get rtt() {
    return this.#rtt;
  }

  /** The server's time in ms since 1970, as far as it is known. */
  now() {
    return this.#options.timers.now() + this.#offset;
  }

  /** Starts over with the time that the server's hello told. */
  start(serverTime) {
    this.stop();
    this.#samples = [];
    this.#rtt = undefined;
    this.#left = burst;
    this.#offset = serverTime - this.#options.timers.now();
    this.#tick();
  }

  stop() {
    this.#options.timers.clearTimeout(this.#timer);
    this.#sentAt = undefined;
  }

  /** Takes the answer to an exchange: both times in microseconds. */
  answer(sent, serverTime) {
    if (this.#sentAt === undefined || sent !== toMicroseconds(this.#sentAt)) return;
    const now = this.#options.timers.now();
    const rtt = now - this.#sentAt;
    this.#sentAt = undefined;
    this.#rtt = this.#rtt === undefined ? rtt : this.#rtt + (rtt - this.#rtt) / 4;
    this.#samples.push({ rtt, offset: serverTime / 1000 + rtt / 2 - now });
    if (this.#samples.length > remembered) this.#samples.shift();
    this.#offset = this.#samples.reduce((best, one) => (one.rtt < best.rtt ? one : best)).offset;
  }

  #tick() {
    const { timers, interval, timeout, exchange, silent } = this.#options;
    if (this.#sentAt === undefined) {
      this.#sentAt = timers.now();
      exchange(toMicroseconds(this.#sentAt));
    } else if (timers.now() - this.#sentAt >= timeout) {
      silent();
      return;
    }
    this.#left -= 1;
    this.#timer = timers.setTimeout(() => this.#tick(), this.#left > 0 ? burstPause : interval);
  }
}

function toMicroseconds(time) {
  return Math.round(time * 1000);
}
