/** What neffos.js tells its users, in the words of the recorded session. */
import assert from "node:assert/strict";

const patience = 3_000;
/** How long something that must not happen gets to happen. */
const quiet = 40;

export class NeffosLog {
  /** Lines by who heard them; "" for results of calls. */
  #lines = new Map();
  /** Greetings have a list of their own: the recording client never got them (A15.1). */
  greetings = [];

  /** Handlers of a namespace: all events are written down, `answer` may return something. */
  handlers(who, answer = () => null) {
    return { _OnAnyEvent: (ns, message) => this.#hear(who, message, answer) };
  }

  /** One handler, for events that are declared by name. */
  handler(who) {
    return (ns, message) => this.#hear(who, message, () => null);
  }

  say(line) {
    this.#add("", line);
  }

  /** Says how a promise ends: `=> name: Conn`, `=> name: REJECT why`. */
  async result(name, promise) {
    try {
      const value = await promise;
      this.say(`=> ${name}: ${describeResult(value)}`);
      return value;
    } catch (error) {
      this.say(`=> ${name}: REJECT ${error?.message ?? error}`);
      return undefined;
    }
  }

  /** Waits for as much as was recorded, and demands that it is that and nothing else. */
  async matches(recorded) {
    const expected = byWho(recorded.map(anonymous));
    const isHere = () =>
      [...expected].every(([who, lines]) => lines.length <= this.#of(who).length);
    const deadline = Date.now() + patience;
    while (!isHere() && Date.now() < deadline) await pause(5);
    await pause(quiet);
    const heard = new Map([...this.#lines].map(([who, lines]) => [who, lines.map(anonymous)]));
    this.#lines.clear();
    assert.deepEqual(sorted(heard), sorted(expected));
  }

  #hear(who, message, answer) {
    if (message.Event === "welcome") this.greetings.push({ who, id: message.Body });
    else this.#add(who, describeEvent(who, message));
    return answer(message);
  }

  #of(who) {
    return this.#lines.get(who) ?? [];
  }

  #add(who, line) {
    this.#lines.set(who, [...this.#of(who), line]);
  }
}

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `condition` holds. */
export async function until(condition, what) {
  const deadline = Date.now() + patience;
  while (!condition()) {
    assert.ok(Date.now() < deadline, `${what} did not come true in ${patience} ms`);
    await pause(5);
  }
}

function byWho(lines) {
  const result = new Map();
  for (const line of lines) {
    const [, who = ""] = /^(\w) EVENT /.exec(line) ?? [];
    result.set(who, [...(result.get(who) ?? []), line]);
  }
  return result;
}

function sorted(map) {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}

function anonymous(line) {
  return line
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
    .replace(/wait="[^"]*"/g, "wait=<wait>");
}

function describeEvent(who, message) {
  const { Event, Namespace, Room, Body, Err, IsLocal, IsForced, IsNative, SetBinary } = message;
  return `${who} EVENT ${Event} ns=${quoted(Namespace)} room=${quoted(Room)} `
    + `body=${describeBody(Body)} err=${Err?.message} local=${IsLocal} forced=${IsForced} `
    + `native=${IsNative} bin=${SetBinary}`;
}

function describeBody(body) {
  if (!(body instanceof ArrayBuffer)) return quoted(body);
  return `ArrayBuffer:${Buffer.from(body).toString("hex")}`;
}

function describeResult(value) {
  if (value === null) return "null";
  if (value instanceof Error) return `Error:${value.message}`;
  const { constructor, Body, Event, wait } = value;
  if (constructor.name !== "Message") return constructor.name;
  return `Message body=${quoted(Body)} event=${quoted(Event)} wait=${quoted(wait)}`;
}

function quoted(value) {
  return JSON.stringify(value) ?? "undefined";
}
