/** The JavaScript client of Troupe: see troupe.js, and docs/wire-format.md for what it speaks. */

/** What events carry. Integers beyond 2^53 are BigInts; a map with other keys is a Map. */
export type Value =
  | null | undefined | boolean | number | bigint | string
  | Uint8Array | ArrayBuffer | ArrayBufferView | Extension
  | readonly Value[] | { readonly [key: string]: Value } | Map<Value, Value>;

/** The arguments as they arrive; say what you expect: `(x: number, y: number) => ...`. */
export type EventHandler = (...args: any[]) => void;
/** What it returns or promises is the answer. */
export type AnswerHandler = (...args: any[]) => Value | void | Promise<Value | void>;
/** The same in a room; the sender is a connection id, 0 for the server. */
export type RoomHandler = (sender: number, ...args: any[]) => void;
/** Stops the hearing. */
export type Unsubscribe = () => void;

export type ErrorCode =
  | "malformed_message" | "payload_too_deep" | "payload_too_complex" | "unknown_operation"
  | "unknown_event" | "bad_arguments" | "bad_name" | "not_a_member" | "room_refused"
  | "room_parked" | "too_many_rooms" | "handler_failed" | "timed_out" | "rate_limited"
  | "message_too_big" | "protocol_error" | "invalid_utf8" | "policy_violation"
  | "slow_consumer" | "no_pong" | "write_timeout" | "going_away" | "connection_lost"
  | "internal" | "closed" | "refused" | "unknown";

export class TroupeError extends Error {
  constructor(code: ErrorCode | number, message?: string);
  /** A stable word to branch on. */
  readonly code: ErrorCode;
  /** The same as the number that travels. */
  readonly number: number;
}

/** A MessagePack extension value. */
export class Extension {
  constructor(type: number, data: Uint8Array);
  type: number;
  data: Uint8Array;
}

export interface Member {
  readonly id: number;
  /** What the server knows about the member; null when it told nothing. */
  readonly identity: any;
}

/** Sends with a delivery class; the results are as for `emit`. */
export interface Emitter {
  emit(event: string, ...args: Value[]): boolean;
  emitRaw(event: string, bytes: ArrayBuffer | ArrayBufferView): boolean;
}

export interface DroppableOptions {
  /** 0 to 255; the higher, the longer it survives. */
  priority?: number;
  /** Useless after this many ms; 0 for no deadline. */
  deadline?: number;
}

export interface Limits {
  readonly message_bytes: number;
  readonly messages_per_s: number;
  readonly burst: number;
  readonly bytes_per_s: number;
  readonly ping_ms: number;
  readonly rooms: number;
  readonly [name: string]: unknown;
}

export interface Retry {
  /** Counts from 1; starts over when a connection has lasted 5 s. */
  attempt: number;
  /** ms until this attempt. */
  delay: number;
  /** The close code that ended the last connection, and its reason. */
  code: number;
  reason: string;
}

export type LeaveReason = "asked" | "removed" | "closed" | "failed" | "refused";
export type State = "connecting" | "open" | "reconnecting" | "closed";

export class Room implements Emitter {
  private constructor();
  readonly name: string;
  /** The server's number for it; may change with every joining. */
  readonly number: number;
  /** Who is in, yourself included. Servers list at most 1,000 at once; `size` counts all. */
  readonly members: ReadonlyMap<number, Member>;
  readonly size: number;
  /** False while reconnecting and after leaving. */
  readonly joined: boolean;
  /** What joins it again after a reconnect. */
  joinArguments: Value[] | undefined;
  on(event: string, handler: RoomHandler): Unsubscribe;
  once(event: string, handler: RoomHandler): Unsubscribe;
  off(event: string, handler?: RoomHandler): void;
  onAny(handler: (event: string, sender: number, ...args: any[]) => void): Unsubscribe;
  onJoined(handler: (room: Room) => void): Unsubscribe;
  onCame(handler: (member: Member) => void): Unsubscribe;
  onWent(handler: (member: Member) => void): Unsubscribe;
  onLeft(handler: (reason: LeaveReason) => void): Unsubscribe;
  onRestarted(handler: (epoch: number) => void): Unsubscribe;
  /** False when it was not sent, because we are not in. */
  emit(event: string, ...args: Value[]): boolean;
  emitRaw(event: string, bytes: ArrayBuffer | ArrayBufferView): boolean;
  latest(key?: number | bigint): Emitter;
  droppable(options?: DroppableOptions): Emitter;
  leave(): Promise<void>;
}

export class Client implements Emitter {
  private constructor();
  readonly id: number;
  readonly state: State;
  readonly limits: Limits;
  readonly rooms: ReadonlyMap<string, Room>;
  /** ms, smoothed; undefined before it was measured. */
  readonly rtt: number | undefined;
  /** The server's clock in ms since 1970, with a fraction. */
  serverTime(): number;
  /** With `comingBack` the rooms keep the seats for whoever comes with a `GameRoom.seat`. */
  close(options?: { comingBack?: boolean }): void;
  /** Connected again; `resync`: a session was lost, and what was on its way with it. */
  onOpen(handler: (how: { resync: boolean }) => void): Unsubscribe;
  /** The connection goes on after a cut, and nothing was lost. */
  onResume(handler: () => void): Unsubscribe;
  onReconnecting(handler: (retry: Retry) => void): Unsubscribe;
  onClose(handler: (end: { code: number; reason: string }) => void): Unsubscribe;
  onError(handler: (error: Error) => void): Unsubscribe;
  onJoin(handler: (room: Room) => void): Unsubscribe;
  on(event: string, handler: EventHandler): Unsubscribe;
  once(event: string, handler: EventHandler): Unsubscribe;
  off(event: string, handler?: EventHandler): void;
  onAny(handler: (event: string, ...args: any[]) => void): Unsubscribe;
  /** False when it was not sent, because there is no connection, nor a session to wait for. */
  emit(event: string, ...args: Value[]): boolean;
  emitRaw(event: string, bytes: ArrayBuffer | ArrayBufferView): boolean;
  latest(key?: number | bigint): Emitter;
  droppable(options?: DroppableOptions): Emitter;
  ask<T = any>(event: string, ...args: Value[]): Promise<T>;
  /** The same with a time limit in ms: `client.within(500).ask("sum", 1, 2)`. */
  within(timeout: number): { ask<T = any>(event: string, ...args: Value[]): Promise<T> };
  answer(event: string, handler: AnswerHandler): Unsubscribe;
  join(name: string, ...args: Value[]): Promise<Room>;
}

export interface ReconnectOptions {
  /** The first attempt waits a random time up to this, in ms; default 250. */
  min?: number;
  /** No attempt waits longer than this, in ms; default 10,000. */
  max?: number;
  /** How often to try; default Infinity. */
  attempts?: number;
}

export interface ConnectOptions {
  reconnect?: boolean | ReconnectOptions;
  /** ms until hello, and of silence until a cut; default 10,000. */
  timeout?: number;
  /** ms until an ask, a join or a leave fails; default 10,000. */
  askTimeout?: number;
  /** ms between two looks at the server's clock; default 10,000. */
  heartbeat?: number;
  /** False: a cut is a new connection, even if the server keeps sessions; default true. */
  resume?: boolean;
  /** Bytes that may wait to be sent, or for the server's word, in a session; default 1 MiB. */
  outbox?: number;
  /** Further subprotocols to offer. */
  protocols?: string[];
  /** The class to use where there is no global WebSocket, as in Node 20. */
  WebSocket?: unknown;
  /** For tests. */
  timers?: {
    setTimeout(callback: () => void, delay: number): any;
    clearTimeout(timer: any): void;
    now(): number;
    random(): number;
  };
}

/** Connects; resolves when the server has said hello, rejects when the first attempt fails. */
export function connect(url: string | URL, options?: ConnectOptions): Promise<Client>;

/** What a patch did to a field or an entity. */
export type StateChange = "value" | "entered" | "changed" | "left";

/** A copy of a room's state, kept up to date by snapshots and patches. */
export class StateMirror<State extends object = Record<string, any>> {
  /** Throws a TroupeError when the bytes are no schema. */
  constructor(schemaBytes: Uint8Array, options?: { failed?: (error: unknown) => void });
  /** 16 hexadecimal digits. */
  readonly fingerprint: string;
  readonly state: Readonly<State>;
  /** 0 before the first snapshot. */
  readonly tick: number;
  /** Throws a TroupeError, and changes nothing, when the bytes do not fit. */
  apply(bytes: Uint8Array): "applied" | "stale" | "out of step";
  onValue(field: string, handler: (value: any) => void): Unsubscribe;
  onEntered(map: string, handler: (id: number, entity: any) => void): Unsubscribe;
  onChanged(map: string, handler: (id: number, entity: any, fields: string[]) => void): Unsubscribe;
  onLeft(map: string, handler: (id: number, entity: any, isDestroyed: boolean) => void): Unsubscribe;
  onAny(handler: (kind: StateChange, field: string, id?: number, isDestroyed?: boolean) => void):
    Unsubscribe;
  /** Plain JSON values: Maps become objects, BigInts strings. */
  toJSON(): object;
}
export * from "./game.js";
