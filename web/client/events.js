/** Handlers by event name; handlers for every event are under the symbol `anyEvent`. */
export const anyEvent = Symbol("any event");

export class Handlers {
  #lists = new Map();
  #failed;

  /** `failed(error)` hears what a handler threw, so that the other handlers still run. */
  constructor(failed) {
    this.#failed = failed;
  }

  /** Adds a handler; the returned function takes it away again. */
  add(name, handler) {
    if (typeof handler !== "function") throw new TypeError("A handler must be a function.");
    this.#lists.set(name, [...(this.#lists.get(name) ?? []), handler]);
    return () => this.remove(name, handler);
  }

  once(name, handler) {
    const wrapped = (...values) => {
      this.remove(name, wrapped);
      handler(...values);
    };
    wrapped.original = handler;
    return this.add(name, wrapped);
  }

  /** Takes one handler away, or without `handler` all of this name. */
  remove(name, handler) {
    const stays = (one) => handler && one !== handler && one.original !== handler;
    const list = this.#lists.get(name)?.filter(stays);
    if (list?.length > 0) this.#lists.set(name, list);
    else this.#lists.delete(name);
  }

  has(name) {
    return this.#lists.has(name);
  }

  call(name, ...values) {
    for (const handler of this.#lists.get(name) ?? []) {
      try {
        handler(...values);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
