/**
 * Messages on their way to the session, which takes them one by one.
 *
 * After one that somebody awaits (hello, joined) the next waits for a turn of the event loop: an
 * event that arrives in the same packet must not be lost to a handler that is added in the line
 * after `await client.join(...)`.
 */
export class Inbox {
  #take;
  #waiting = [];
  #paused = false;

  /** `take(data)` gets each message. */
  constructor(take) {
    this.#take = take;
  }

  push(data) {
    this.#waiting.push(data);
    this.#drain();
  }

  /** The next message waits for a turn. */
  pause() {
    this.#paused = true;
    setTimeout(() => this.flush(), 0);
  }

  /** What waits is taken now. */
  flush() {
    this.#paused = false;
    this.#drain();
  }

  /** What waits is forgotten. */
  clear() {
    this.#waiting = [];
  }

  #drain() {
    while (this.#waiting.length > 0 && !this.#paused) this.#take(this.#waiting.shift());
  }
}
