#include "troupe/server.hpp"

#include <string>

int main(int argc, char** argv) {
  troupe::server server{troupe::config::from_args(argc, argv)};
  server.browser_client(); // at /client/

  auto& chat = server.endpoint("/chat");
  chat.on_connect([](troupe::connection& c) { c.join("lobby"); });
  chat.on("say", [](troupe::connection& c, std::string text) {
    c.to("lobby").emit("said", c.id(), text);
  });
  chat.on("sum", [](int a, int b) { return a + b; }); // the return value answers an ask

  return server.run();
}
