/** Lines of chat that stay on the page. */
const mostLines = 200;

/** Rows in the list of people; beyond that a last row counts the rest. */
const mostRows = 100;

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const find = (id) => document.getElementById(id);

/** Shows the connection's state in words, and its round-trip time. */
export function showStatus(state, text) {
  find("status").dataset.state = state;
  if (find("status-text").textContent !== text) find("status-text").textContent = text;
  for (const control of [find("text"), find("send")]) control.disabled = state !== "open";
}

export function showRtt(rtt) {
  const text = rtt === undefined ? "" : `${rtt < 10 ? rtt.toFixed(1) : Math.round(rtt)} ms`;
  find("status-rtt").textContent = text;
}

/** Shows who is here besides us, `total` counting us too. */
export function showPeople(peers, total) {
  const sorted = [...peers].sort((one, other) => one.name.localeCompare(other.name));
  const rows = sorted.slice(0, mostRows).map((peer) => {
    const row = element("li", "person");
    row.style.setProperty("--hue", peer.hue);
    row.append(element("span", "dot"), element("bdi", "", peer.name));
    return row;
  });
  const unlisted = total - 1 - rows.length;
  if (unlisted > 0) rows.push(element("li", "person you", `and ${unlisted} more`));
  find("people").replaceChildren(...rows);
  find("people-count").textContent = total;
  find("welcome").classList.toggle("company", total > 1);
}

/** Adds a line of chat. */
export function showLine({ name, hue, text, time }) {
  const line = element("li");
  line.style.setProperty("--hue", hue);
  const clock = element("time", "", clockFormat.format(time));
  clock.dateTime = time.toISOString();
  line.append(clock, element("bdi", "", name), element("p", "", text));
  append(line);
}

/** Adds a quiet line about somebody. */
export function showNotice(name, what) {
  const line = element("li", "notice");
  line.append(element("bdi", "", name), ` ${what}`);
  append(line);
}

/** Lets the visitor change the name; `changed(name)` hears each new one, already tidy. */
export function editName(name, tidy, changed) {
  let current = name;
  find("name").value = name;
  const accept = () => {
    const wanted = tidy(find("name").value) || current;
    find("name").value = wanted;
    if (wanted !== current) changed(current = wanted);
  };
  find("name").addEventListener("change", accept);
  find("name-form").addEventListener("submit", (event) => {
    event.preventDefault();
    find("name").blur();
  });
}

/** Shows the colour that others see us in. */
export function showOwnHue(hue) {
  find("name-dot").style.setProperty("--hue", hue);
}

/** `said(text)` hears what the visitor sends; it returns whether it went out. */
export function editChat(tidy, said) {
  find("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = tidy(find("text").value);
    if (text && said(text)) find("text").value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    find("text").focus();
  });
}

/** Keeps the newest line in view, unless the reader has scrolled up. */
function append(line) {
  const log = find("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(line);
  while (log.childElementCount > mostLines) log.firstElementChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
