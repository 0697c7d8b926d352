/**
 * What the reference servers sent and received: tests/golden/neffos-session.txt, iris-session.txt
 * (sections of frames, with what the clients heard between them) and neffos-probes.txt (frames made
 * by hand, and the answers).
 */
import { readFileSync } from "node:fs";

const golden = new URL("../../../tests/golden/", import.meta.url);

/** The sections of a recorded session: `{ name, steps, heard }`. */
export function readSession(file) {
  const sections = [];
  for (const line of readLines(file)) {
    if (line.startsWith("## ")) sections.push({ name: line.slice(3), steps: [], heard: [] });
    else if (/^\s/.test(line)) sections.at(-1).heard.push(line.trim());
    else if (line) addStep(sections.at(-1).steps, line);
  }
  return sections;
}

/** `{ name, path, sent, received }` for each probe. */
export function readProbes() {
  const probes = [];
  for (const line of readLines("neffos-probes.txt")) {
    const [, mark, rest] = /^\s*([#<>]) (.*)$/.exec(line) ?? [];
    if (mark === "#") probes.push({ ...readTitle(rest), sent: [], received: [] });
    if (mark === ">") probes.at(-1).sent = readFrames(rest);
    if (mark === "<") probes.at(-1).received = readFrames(rest);
  }
  return probes;
}

function readLines(file) {
  return readFileSync(new URL(file, golden), "utf8").split("\n");
}

function readTitle(text) {
  const [, name, path] = /^(.*?)\s+\[(\S+)\]$/.exec(text);
  return { name, path };
}

/** A line of a session: what `who` does. */
function addStep(steps, line) {
  const [, who, what, rest] = /^(\w+) (C>S|S>C|UPGRADED|CLOSE)\s*(.*)$/.exec(line) ?? [];
  if (what === "C>S" || what === "S>C") steps.push({ who, what, ...readFrames(rest)[0] });
  else if (what) steps.push({ who, what });
}

/** `TXT "text"`, `BIN "text"`, `BIN hex  "text"`, `"text"` and `CLOSE 1006`, any number of them. */
function readFrames(text) {
  const pattern = /(?:(TXT|BIN)\s+)?(?:([0-9a-f]+)\s+)?"((?:[^"\\]|\\.)*)"|CLOSE (\d+)/g;
  return [...text.matchAll(pattern)].map(([, opcode, hex, quoted, code]) => {
    if (code) return { closed: Number(code) };
    const binary = opcode === "BIN";
    return { binary, data: hex ? Buffer.from(hex, "hex") : Buffer.from(JSON.parse(`"${quoted}"`)) };
  });
}
