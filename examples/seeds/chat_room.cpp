#include "troupe/server.hpp"

#include <cstdio>
#include <string>

/// A chat room for clients of iris' websocket package: On, Emit, To, Join. The script that pages
/// load is served at /iris-ws.js, as there.
int main(int argc, char** argv) {
  troupe::server server{troupe::config::from_args(argc, argv)};
  server.iris_script("/iris-ws.js");

  auto& chat = server.endpoint("/my_endpoint", troupe::speaks::iris);
  chat.on_connect([](troupe::connection& c) { c.join("room1"); });
  chat.on("chat", [](troupe::connection& c, std::string message) {
    if (message == "leave") {
      c.leave("room1");
      c.emit("chat", "you left the room");
      return;
    }
    c.to("room1").emit("chat", "From: " + std::string{c.client_id()} + ": " + message);
  });
  chat.on_disconnect([](troupe::connection& c, const troupe::close_info&) {
    std::printf("connection with ID %s has been disconnected\n",
                std::string{c.client_id()}.c_str());
  });
  return server.run();
}
