/**
 * The error codes of the native protocol, in the order of their numbers (docs/wire-format.md).
 * They are never renumbered; the server's list is include/troupe/errc.hpp.
 */
export const errorCodes = Object.freeze([
  "ok", "malformed_message", "payload_too_deep", "payload_too_complex", "unknown_operation",
  "unknown_event", "bad_arguments", "bad_name", "not_a_member", "room_refused", "room_parked",
  "too_many_rooms", "handler_failed", "timed_out", "rate_limited", "message_too_big",
  "protocol_error", "invalid_utf8", "policy_violation", "slow_consumer", "no_pong",
  "write_timeout", "going_away", "connection_lost", "internal", "closed", "refused",
]);

/**
 * Everything that can go wrong between a client and a server.
 *
 * `code` is a stable word to branch on ("timed_out"), `number` the same as a number, and `message`
 * a sentence for people. A number this client does not know has the code "unknown".
 */
export class TroupeError extends Error {
  constructor(code, message) {
    super(message ?? String(code).replaceAll("_", " "));
    this.name = "TroupeError";
    this.code = typeof code === "number" ? errorCodes[code] ?? "unknown" : code;
    this.number = typeof code === "number" ? code : Math.max(0, errorCodes.indexOf(code));
  }
}

/** An error of the application's own: shown as uncaught, without stopping what we are doing. */
export function throwLater(error) {
  queueMicrotask(() => {
    throw error;
  });
}
