import { asMembers } from "./payload.js";
import { Room, receive } from "./room.js";

const leaveReasons = ["asked", "removed", "closed", "failed"];

/** The rooms of a session: by name for the application, by number for the wire. */
export class Rooms {
  byName = new Map();
  #byNumber = new Map();
  #session;

  /** @param session  joins, leaves, reports errors, and is told of rooms it did not ask for. */
  constructor(session) {
    this.#session = session;
  }

  /** Tells a room what came for it; what is for rooms that were left goes nowhere. */
  tell(number, what, ...values) {
    this.#byNumber.get(number)?.[receive][what](...values);
  }

  /**
   * The server says that we are in; `about` is what was asked, if that was the answer. Returns the
   * room, or nothing if it was left while the answer to joining it again was on its way.
   */
  joined(message, about) {
    asMembers(message.payload);
    const known = this.byName.get(message.name);
    if (about?.room && about.room !== known) return undefined;
    const room = known ?? new Room(message.name, this.#session, this.#session.report);
    const again = known !== undefined && !known.joined;
    this.byName.set(room.name, room);
    this.#byNumber.set(message.room, room);
    room[receive].joined(message);
    if (about) room.joinArguments = about.args;
    return { room, again, isOurs: about !== undefined || known !== undefined };
  }

  left(number, reason) {
    const room = this.#byNumber.get(number);
    if (room) this.forget(room, leaveReasons[reason] ?? "removed");
  }

  forget(room, reason) {
    if (this.byName.get(room.name) !== room) return;
    this.byName.delete(room.name);
    this.#byNumber.delete(room.number);
    room.joinArguments = undefined;
    room.joined = false;
    room[receive].change("left", reason);
  }

  /** The connection is gone, and the membership with it. */
  lose() {
    this.#byNumber.clear();
    for (const room of this.byName.values()) room.joined = false;
  }

  /** Rooms that the server moved us into are its business: it moves us again if it wants to. */
  joinAgain() {
    for (const room of [...this.byName.values()]) {
      if (room.joinArguments) this.#joinOneAgain(room);
    }
  }

  #joinOneAgain(room) {
    this.#session.join(room.name, room.joinArguments, room).catch((error) => {
      if (error.code === "connection_lost" || error.code === "closed") return;
      this.#session.report(error);
      this.forget(room, "refused");
    });
  }
}
