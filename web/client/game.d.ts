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

export function joinOrCreate(client: Client, request: RoomRequest, options?: Value): Promise<GameRoom>;
export function createRoom(client: Client, request: RoomRequest, options?: Value): Promise<GameRoom>;
export function joinMatching(client: Client, request: RoomRequest, options?: Value): Promise<GameRoom>;
export function joinById(client: Client, id: string, options?: Value, password?: string): Promise<GameRoom>;
export function takeSeat(client: Client, seat: Reservation, options?: Value): Promise<GameRoom>;
export function match(client: Client, wish: MatchWish, how?: { signal?: AbortSignal }): Promise<Match>;
export function watchRooms(
  client: Client, request: RoomRequest, handler: (changes: LobbyChanges) => void,
): Promise<Unsubscribe>;

export class GameRoom {
  readonly id: string;
  readonly room: Room;
  readonly playerId: number;
  readonly ready: Promise<void>;
  readonly state: StateMirror | undefined;
  on(event: string, handler: (...args: any[]) => void): Unsubscribe;
  input(name: string, value: Value, tick?: number): number;
  onPatch(handler: (tick: number) => void): void;
  leave(): Promise<void>;
}

export interface InterpolationOptions {
  fields?: string[];
  turns?: string[];
  wraps?: { [field: string]: number };
  tickRate?: number;
  delay?: number;
}

export class Interpolation {
  constructor(game: GameRoom, map: string, options?: InterpolationOptions);
  at(now: number): IterableIterator<[number, any]>;
}
