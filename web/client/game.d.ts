/** Game rooms for the JavaScript client: see game.js, and docs/rooms.md for the calls. */
import type { Client, Room, StateMirror, Unsubscribe, Value } from "./troupe.js";

export type Metadata = { [key: string]: boolean | number | string };
export type Condition =
  | boolean | number | string
  | { [sign in "==" | "!=" | "<" | "<=" | ">" | ">="]?: boolean | number | string };

export interface RoomRequest {
  kind: string;
  filter?: { [key: string]: Condition };
  /** Keys of the metadata, "-" in front of those that go down. */
  sort?: string[];
  seats?: number;
  options?: Value;
  metadata?: Metadata;
  private?: boolean;
  password?: string;
}

export interface Reservation {
  room: string;
  tokens: string[];
}

export interface MatchWish {
  kind: string;
  rating?: number;
  /** Players of the group, who get a token each. */
  size?: number;
}

export interface Match extends Reservation {
  team: number;
  teams: number;
}

export interface Listing {
  id: string;
  kind: string;
  players: number;
  max_players: number;
  locked: boolean;
  password: boolean;
  metadata: Metadata;
}

export interface LobbyChanges {
  present: Listing[];
  gone: string[];
}

/**
 * The state of a room, field by field: what `to_typescript` of the C++ library prints. Without it
 * everything is any.
 */
type AnyState = Record<string, any>;

/** The last argument of all is what the room's on_join gets. */
export function joinOrCreate<State extends object = AnyState>(
  client: Client, request: RoomRequest, options?: Value,
): Promise<GameRoom<State>>;
export function createRoom<State extends object = AnyState>(
  client: Client, request: RoomRequest, options?: Value,
): Promise<GameRoom<State>>;
export function joinMatching<State extends object = AnyState>(
  client: Client, request: RoomRequest, options?: Value,
): Promise<GameRoom<State>>;
export function joinById<State extends object = AnyState>(
  client: Client, id: string, options?: Value, password?: string,
): Promise<GameRoom<State>>;
/** Takes the first of the seats that somebody else has reserved, or comes back to one's own. */
export function takeSeat<State extends object = AnyState>(
  client: Client, seat: Reservation, options?: Value,
): Promise<GameRoom<State>>;

/**
 * Waits for a match, whose seats `takeSeat` takes. Rejects when it is refused, or given up by the
 * signal; a new connection queues anew.
 */
export function match(client: Client, wish: MatchWish, how?: { signal?: AbortSignal }): Promise<Match>;

/** Up to 100 public rooms that fit. */
export function findRooms(client: Client, request: RoomRequest): Promise<Listing[]>;
/** First with all rooms, then with changes. Ends with the session. */
export function watchRooms(
  client: Client, request: RoomRequest, handler: (changes: LobbyChanges) => void,
): Promise<Unsubscribe>;

/** One game room that this client plays in; it outlives cuts of the connection. */
export class GameRoom<State extends object = AnyState> {
  private constructor();
  readonly id: string;
  /** The room beneath it: `onLeft` tells when the seat is lost. */
  readonly room: Room;
  /** Our number in the room, from 1. */
  readonly playerId: number;
  readonly ticksPerSecond: number;
  readonly ready: Promise<void>;
  /** Undefined if the room shows no state. */
  readonly state: StateMirror<State>;
  /**
   * What `takeSeat` comes back with as the same player, once, from any other connection; undefined
   * where the room waits for nobody.
   */
  readonly seat: Reservation | undefined;
  on(event: string, handler: (...args: any[]) => void): Unsubscribe;
  /** Sends an input, for the next tick or a later one. Gives its sequence, 0 if it was not sent. */
  input(name: string, value: Value, tick?: number): number;
  /** Hears of inputs that the room did not take. */
  onRefused(handler: (sequence: number, why: string) => void): Unsubscribe;
  /** Called after every patch. */
  onPatch(handler: (tick: number) => void): void;
  /** The tick whose state comes at `now` (as of performance.now()), with its fraction. */
  tickAt(now?: number): number;
  /** The tick that the room itself is in, right to half of the client's `rtt`. */
  serverTick(now?: number): number;
  /** The tick before which the room has what is sent at `now`, most likely. */
  arrivalTick(now?: number): number;
  leave(): Promise<void>;
}

export interface MotionOptions {
  /** Numbers that move. */
  fields?: string[];
  /** Angles in radians: the short way round. */
  turns?: string[];
  /** Numbers that start over at this size. */
  wraps?: { [field: string]: number };
}

export interface InterpolationOptions extends MotionOptions {
  /** ms in the past; default 120. */
  delay?: number;
}

/** Shows entities between the patches, a little in the past, so that they move smoothly. */
export class Interpolation<Entity = any> {
  constructor(game: GameRoom<any>, map: string, options?: InterpolationOptions);
  at(now: number): IterableIterator<[number, Entity]>;
}

export interface PredictionOptions<Entity, Input> extends MotionOptions {
  fields: string[];
  /** Changes the entity as the room would. */
  step: (entity: Entity, input: Input, seconds: number) => void;
  /** Adds what patches do not tell, such as speeds; `last` is the entity before, at first itself. */
  derive?: (entity: Entity, last: Entity, seconds: number) => void;
  /** Whether an entity can be predicted; else it is shown as the server says. */
  isOn?: (entity: Entity) => boolean;
  /** The input before the first one. */
  still?: Input;
  /** ms within which errors fade; default 120. */
  fading?: number;
  /** An error of a field beyond this is shown at once. */
  jump?: number;
}

/** Shows one's own entity ahead of what the server has told, so that it answers to inputs at once. */
export class Prediction<Entity = any, Input = any> {
  constructor(game: GameRoom<any>, map: string, options: PredictionOptions<Entity, Input>);
  /** An input is sent. */
  input(value: Input): void;
  /** The entity at `now`; undefined while it cannot be predicted. */
  at(now: number): Entity | undefined;
  /** Shows what one's own entity has sent out, its shots say, where that is drawn. */
  lead<Other>(
    entities: Iterable<[number, Other]>, isOwn: (entity: Other) => boolean, past: Entity | undefined,
    now: number, fading?: number,
  ): Generator<[number, Other]>;
}
