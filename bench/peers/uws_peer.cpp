// The sharpest peer: a single-threaded uWebSockets server that uses its own publish/subscribe.
// Built by bench/build-uws from a checkout the user names; uWebSockets itself is not part of this
// repository.
//
//   /ws           each message to every connection on it, the sender included
//   /rooms/NAME   the same per room
//   /echo         each message back to its sender
#include <App.h>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

/// What one connection remembers: the topic it publishes to (empty for /echo).
struct member {
  std::string topic;
};

using app = uWS::App;
using socket = uWS::WebSocket<false, true, member>;

/// No compression, no pings, and room for any backlog, so that nothing but the send path is
/// measured.
app::WebSocketBehavior<member> plain_behavior() {
  app::WebSocketBehavior<member> behavior{};
  behavior.compression = uWS::DISABLED;
  behavior.maxPayloadLength = 16 * 1024 * 1024;
  behavior.maxBackpressure = 64 * 1024 * 1024;
  behavior.idleTimeout = 0;
  behavior.sendPingsAutomatically = false;
  return behavior;
}

app::WebSocketBehavior<member> room_behavior(app& server, bool named) {
  auto behavior = plain_behavior();
  behavior.upgrade = [named](auto* response, auto* request, auto* context) {
    auto topic = named ? std::string{request->getParameter(0)} : std::string{"/ws"};
    response->template upgrade<member>({std::move(topic)}, request->getHeader("sec-websocket-key"),
                                       request->getHeader("sec-websocket-protocol"),
                                       request->getHeader("sec-websocket-extensions"), context);
  };
  behavior.open = [](socket* ws) { ws->subscribe(ws->getUserData()->topic); };
  behavior.message = [&server](socket* ws, std::string_view payload, uWS::OpCode opcode) {
    server.publish(ws->getUserData()->topic, payload, opcode);
  };
  return behavior;
}

app::WebSocketBehavior<member> echo_behavior() {
  auto behavior = plain_behavior();
  behavior.message = [](socket* ws, std::string_view payload, uWS::OpCode opcode) {
    ws->send(payload, opcode);
  };
  return behavior;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view{argv[1]} != "--port") {
    std::cerr << "usage: uws_peer --port PORT\n";
    return 2;
  }
  const auto port = std::atoi(argv[2]);
  auto listening = false;
  app server;
  server.ws<member>("/ws", room_behavior(server, false))
      .ws<member>("/rooms/:name", room_behavior(server, true))
      .ws<member>("/echo", echo_behavior())
      .listen("127.0.0.1", port, [&](auto* token) { listening = token != nullptr; });
  if (!listening) {
    std::cerr << "uws_peer: cannot listen on port " << port << '\n';
    return 1;
  }
  server.run();
}
