/** Plays a recorded session again, with plain clients, and compares every frame. */
import assert from "node:assert/strict";
import { PlainClient } from "./plain-client.mjs";
import { Unknowns } from "./unknowns.mjs";

export class Replay {
  #clients = new Map();
  #unknowns;
  #open;

  /** `unknowns` finds ids and tokens in the recording; `open(who)` connects a client. */
  constructor(unknowns, open) {
    this.#unknowns = new Unknowns(unknowns);
    this.#open = open;
  }

  client(who) {
    return this.#clients.get(who);
  }

  /** Plays the steps of a section; at its end nobody may have heard more. */
  async play(steps) {
    for (const step of steps) await this.#play(step);
    for (const [who, client] of this.#clients) {
      const more = (await client.rest()).map(({ data }) => data.toString());
      assert.deepEqual(more, [], `${who} hears nothing that was not recorded`);
    }
  }

  async #play({ who, what, binary, data, by }) {
    const isNeeded = what === "C>S" && !this.#clients.get(who)?.isOpen;
    if (what === "UPGRADED" || isNeeded) this.#clients.set(who, await this.#open(who));
    if (what === "C>S") this.#clients.get(who).send(this.#bytes(data), binary);
    if (what === "S>C") await this.#hear(who, binary, data);
    if (what === "CLOSE") await this.#end(who, by);
  }

  async #hear(who, binary, data) {
    const actual = await this.#clients.get(who).next();
    this.#unknowns.match(data.toString("latin1"), actual.data.toString("latin1"));
    assert.equal(actual.binary, binary, `the opcode of ${data}`);
  }

  /** A connection that the reference cut ends with a proper close frame here (H19). */
  async #end(who, by) {
    const client = this.#clients.get(who);
    const { code } = by === "client" ? await client.close() : await client.closed;
    assert.notEqual(code, 1006, `${who} was told that the connection ends`);
    this.#clients.delete(who);
  }

  #bytes(recorded) {
    return Buffer.from(this.#unknowns.translate(recorded.toString("latin1")), "latin1");
  }

  async close() {
    for (const client of this.#clients.values()) await client.close();
  }
}
