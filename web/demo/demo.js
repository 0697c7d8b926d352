/**
 * The demo: everyone in the room "lobby" sees everyone else's pointer, name and words.
 *
 * | event   | arguments            | delivery | when                                         |
 * | pointer | x, y: 0 to 65,535    | latest   | our pointer moves, at most 30 times a second |
 * | say     | text                 | ordered  | we send a line of chat                       |
 * | name    | our name             | ordered  | we change it, and when somebody comes        |
 */
import { connect } from "../client/troupe.js";
import {
  editChat, editName, showLine, showNotice, showOwnHue, showPeople, showRtt, showStatus,
} from "./panel.js";
import { Stage } from "./stage.js";

const scale = 65535;
const longestName = 24;
const longestText = 500;

/** In a crowd comings and goings would drown the chat. */
const crowd = 25;

/** Before everyone tells a newcomer their name they wait a moment, the longer the more they are. */
const nameDelayPerMember = 15;
const longestNameDelay = 3_000;

const adjectives = ["Brave", "Calm", "Curious", "Gentle", "Happy", "Lucky", "Quick", "Quiet"];
const animals = ["Badger", "Crane", "Falcon", "Fox", "Heron", "Lynx", "Otter", "Panda", "Wren"];

/** What tests and the curious may look at: also client and room, once there are any. */
const demo = {
  /** Everybody else: id -> {id, name, hue, x, y}. */
  peers: new Map(),
  /** What was said: {id, name, text, time}. */
  log: [],
  name: remembered() ?? randomName(),
};
window.troupeDemo = demo;

const stage = new Stage(
  document.getElementById("stage"), document.getElementById("pointers"), sendPointer);
let nameTimer;

editName(demo.name, tidyName, rename);
editChat(tidyText, say);
document.getElementById("second").addEventListener("click", () => {
  window.open(location.href, "_blank", "popup,width=900,height=640");
});
setInterval(() => showRtt(demo.client?.state === "open" ? demo.client.rtt : undefined), 1000);
start();

// -- connection -----------------------------------------------------------------------------------

async function start() {
  try {
    demo.client = await connect("/demo", { heartbeat: 3_000 });
    watch(demo.client);
    showOwnHue(hueOf(demo.client.id));
    showStatus("open", "Connected");
    demo.room = await demo.client.join("lobby");
    enter(demo.room);
  } catch (error) {
    demo.client?.close();
    showStatus("connecting", "Cannot connect, trying again");
    console.warn(error);
    setTimeout(start, 2_000);
  }
}

function watch(client) {
  client.onReconnecting(() => showStatus("reconnecting", "Reconnecting"));
  client.onClose(() => showStatus("closed", "Disconnected"));
  client.onError((error) => console.warn(error));
  client.onOpen(() => {
    showOwnHue(hueOf(client.id));
    showStatus("open", "Connected");
  });
}

function enter(room) {
  room.on("pointer", receivePointer);
  room.on("say", receiveText);
  room.on("name", receiveName);
  room.onCame(greet);
  room.onWent(({ id }) => forget(id));
  room.onJoined(meetAll);
  meetAll(room);
}

// -- people ---------------------------------------------------------------------------------------

/** A server that was started anew counts from 1 again: nobody is who they were. */
function meetAll(room) {
  for (const id of [...demo.peers.keys()]) forget(id, "quietly");
  for (const id of room.members.keys()) meet(id);
  sendName();
  showEverybody();
}

function greet({ id }) {
  if (id === demo.client.id) return;
  meet(id).isNew = true;
  sendNameSoon();
  showEverybody();
}

function meet(id) {
  if (id === demo.client.id) return undefined;
  const guest = { id, name: `Guest ${id}`, hue: hueOf(id), isNameless: true };
  if (!demo.peers.has(id)) demo.peers.set(id, guest);
  return demo.peers.get(id);
}

function forget(id, quietly) {
  const peer = demo.peers.get(id);
  if (!peer) return;
  stage.remove(peer);
  demo.peers.delete(id);
  if (!quietly && !peer.isNameless && demo.room.size < crowd) showNotice(peer.name, "left");
  showEverybody();
}

function showEverybody() {
  showPeople(demo.peers.values(), Math.max(demo.room.size, demo.peers.size + 1));
}

// -- receiving ------------------------------------------------------------------------------------

function receivePointer(sender, x, y) {
  const peer = meet(sender);
  if (!peer || !isPosition(x) || !isPosition(y)) return;
  peer.x = x / scale;
  peer.y = y / scale;
  stage.place(peer);
}

function receiveText(sender, text) {
  const peer = meet(sender);
  const tidied = tidyText(text);
  if (!peer || !tidied) return;
  stage.say(peer, tidied);
  record(peer, tidied);
}

function receiveName(sender, name) {
  const peer = meet(sender);
  const tidied = tidyName(name);
  if (!peer || !tidied) return;
  const isNew = peer.isNew;
  if (peer.name === tidied && !isNew) return;
  Object.assign(peer, { name: tidied, isNew: false, isNameless: false });
  stage.rename(peer);
  if (isNew && demo.room.size < crowd) showNotice(peer.name, "joined");
  showEverybody();
}

function record({ id, name, hue }, text) {
  const line = { id, name, hue, text, time: new Date() };
  demo.log.push(line);
  if (demo.log.length > 200) demo.log.shift();
  showLine(line);
}

function isPosition(value) {
  return Number.isFinite(value) && value >= 0 && value <= scale;
}

// -- sending --------------------------------------------------------------------------------------

function sendPointer(x, y) {
  demo.room?.latest().emit("pointer", Math.round(x * scale), Math.round(y * scale));
}

function say(text) {
  if (!demo.room?.emit("say", text)) return false;
  record({ id: demo.client.id, name: demo.name, hue: hueOf(demo.client.id) }, text);
  return true;
}

function rename(name) {
  demo.name = name;
  remember(name);
  sendName();
}

/** Tells our name, and where our pointer is, to those who do not know yet. */
function sendName() {
  clearTimeout(nameTimer);
  nameTimer = undefined;
  demo.room?.emit("name", demo.name);
  if (stage.position) sendPointer(stage.position.x, stage.position.y);
}

/** One answer serves all who came in the meantime. */
function sendNameSoon() {
  const longest = Math.min(longestNameDelay, demo.room.size * nameDelayPerMember);
  nameTimer ??= setTimeout(sendName, Math.random() * longest);
}

// -- names ----------------------------------------------------------------------------------------

/** Text as we show it: without control characters, spaces collapsed, of limited length. */
function tidy(text, longest) {
  if (typeof text !== "string") return "";
  const plain = text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu, " ");
  return [...plain.replace(/\s+/g, " ").trim()].slice(0, longest).join("");
}

function tidyName(name) {
  return tidy(name, longestName);
}

function tidyText(text) {
  return tidy(text, longestText);
}

/** Neighbouring ids get colours far apart: steps of the golden angle. */
function hueOf(id) {
  return Math.round((Number(id) * 137.508 + 200) % 360);
}

function randomName() {
  const one = (list) => list[Math.floor(Math.random() * list.length)];
  return `${one(adjectives)} ${one(animals)}`;
}

/** Pages without permission to store anything simply forget. */
function remembered() {
  try {
    return tidyName(localStorage.getItem("troupe.name") ?? "") || undefined;
  } catch {
    return undefined;
  }
}

function remember(name) {
  try {
    localStorage.setItem("troupe.name", name);
  } catch {
    // The name lasts as long as the page.
  }
}
