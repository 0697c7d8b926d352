#include "troupe/server.hpp"

namespace {

/// The page: what is typed goes to the server, what the server sends is shown.
constexpr auto page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Chat</title>
<ul id="log"></ul>
<form id="form"><input id="line" autocomplete="off" autofocus><button>Send</button></form>
<script src="/chat.js"></script>
</html>
)";

constexpr auto script = R"(const line = document.getElementById("line");
const show = (text) => {
  const item = document.getElementById("log").appendChild(document.createElement("li"));
  item.textContent = text;
  item.scrollIntoView();
};
const scheme = location.protocol === "https:" ? "wss://" : "ws://";
const socket = new WebSocket(scheme + location.host + "/ws");
socket.onmessage = (message) => show(message.data);
socket.onclose = () => show("Connection closed.");
document.getElementById("form").onsubmit = (event) => {
  event.preventDefault();
  if (line.value) socket.send(line.value);
  line.value = "";
};
)";

} // namespace

/// The chat that every WebSocket package shows: each line goes to everybody. The hub that others
/// write for it, with its channels or locks, is a room that relays everything.
int main(int argc, char** argv) {
  troupe::server server{troupe::config::from_args(argc, argv)};
  server.file("/", page, "text/html; charset=utf-8");
  server.file("/chat.js", script);

  auto& chat = server.endpoint("/ws", troupe::speaks::raw);
  chat.on_connect([](troupe::connection& c) { c.join("everybody"); });
  chat.rooms("everybody").relay_everything();
  return server.run();
}
