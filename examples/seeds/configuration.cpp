#include "troupe/server.hpp"

#include <string>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

/// An id for the client: what the page says in `?user=`, which may be on several devices.
std::string name_of(const request& asked) {
  return std::string{asked.query("user").value_or("guest")};
}

/// The body of a refused upgrade, in place of the server's one line.
upgrade_error_page explain(const request&, const upgrade_error& error) {
  return {.body = "no chat today: " + error.reason + '\n', .fields = {{"Retry-After", "60"}}};
}

/// websocket.Config, field by field: their name stands behind ours.
void configure(endpoint& chat) {
  chat.response_headers({{"X-Served-By", "troupe"}}); // Headers
  chat.limits({
      .message_bytes = 1'024,         // MaxMessageSize
      .ping_interval = 54s,           // PingPeriod
      .pong_timeout = 6s,             // PongTimeout, which counts from the ping here
      .read_timeout = 0ms,            // ReadTimeout
      .write_timeout = 10s,           // WriteTimeout
      .handshake_timeout = 5s,        // HandshakeTimeout
      .compression = true,            // EnableCompression
  });                                 // ReadBufferSize, WriteBufferSize: there are none to size
  chat.client_ids(name_of);           // IDGenerator
  chat.upgrade_error_pages(explain);  // Error
  chat.origins(origin_policy::any()); // CheckOrigin
  chat.iris_binary(true);             // BinaryMessages
  chat.subprotocols({"chat"});        // Subprotocols
}

} // namespace

/// Everything that iris' websocket package lets its users configure, and a second endpoint beside
/// it that keeps the defaults.
int main(int argc, char** argv) {
  server server{config::from_args(argc, argv)};
  server.iris_script("/iris-ws.js"); // ClientSourcePath, EvtMessagePrefix

  auto& chat = server.endpoint("/chat", speaks::iris); // Endpoint
  configure(chat);
  chat.on("whoami", [](connection& c) { c.emit("you", c.client_id()); });

  server.endpoint("/echo", speaks::iris).on("say", [](connection& c, std::string text) {
    c.emit("said", text);
  });
  return server.run();
}
