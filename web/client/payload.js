import { TroupeError } from "./errors.js";

/** The arguments of a handler: raw bytes are one argument. */
export function asArguments(payload) {
  return payload instanceof Uint8Array ? [payload] : payload;
}

/** The result of an ask: nothing, the value, or an array when there are several. */
export function asAnswer(payload) {
  if (payload instanceof Uint8Array) return payload;
  return payload.length > 1 ? payload : payload[0];
}

/** The payload as a list of [id, identity]. */
export function asMembers(payload) {
  const isMember = (entry) => Array.isArray(entry) && entry.length === 2;
  if (!payload.every(isMember)) throw malformed("A list of members is broken.");
  return payload;
}

export function malformed(message) {
  return new TroupeError("malformed_message", message);
}
