import { TroupeError } from "./errors.js";

/** What was asked and is not answered yet, by ask id. Every entry ends: answered, late or lost. */
export class Asks {
  #timers;
  #waiting = new Map();
  #last = 0;

  constructor(timers) {
    this.#timers = timers;
  }

  /**
   * Sends something with a fresh id by `send(id)`, and gives a promise of what it is answered.
   * `about` is kept for whoever takes the answer. Throws what `send` throws.
   */
  ask(timeout, about, send) {
    const id = ++this.#last;
    if (!send(id)) return Promise.reject(notConnected());
    return new Promise((resolve, reject) => {
      const late = new TroupeError("timed_out", `No answer came in ${timeout} ms.`);
      const timer = this.#timers.setTimeout(() => this.reject(id, late), timeout);
      this.#waiting.set(id, { resolve, reject, timer, about });
    });
  }

  /** Takes the entry out, so that it can be resolved; undefined when nobody waits any more. */
  take(id) {
    const entry = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (entry) this.#timers.clearTimeout(entry.timer);
    return entry;
  }

  /** Fails one ask; false when nobody waits for it. */
  reject(id, error) {
    const entry = this.take(id);
    entry?.reject(error);
    return entry !== undefined;
  }

  rejectAll(error) {
    for (const id of [...this.#waiting.keys()]) this.reject(id, error);
  }
}

function notConnected() {
  return new TroupeError("connection_lost", "There is no connection at the moment.");
}
