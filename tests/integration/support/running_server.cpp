#include "tests/integration/support/running_server.hpp"

#include "tests/integration/support/ws_client.hpp"

#include <spdlog/spdlog.h>

namespace troupe::test {

using namespace std::chrono_literals;

config quick_config(std::size_t threads) {
  config settings;
  settings.listen = "127.0.0.1:0";
  settings.threads = threads;
  settings.drain_timeout = 2'000ms;
  settings.room_idle = 100ms;
  settings.limits.handshake_timeout = 300ms;
  settings.limits.close_timeout = 300ms;
  return settings;
}

running_server::running_server(const config& settings, const set_up& more) : server_{settings} {
  spdlog::set_level(spdlog::level::off); // failures that tests provoke would fill the terminal
  server_.endpoint("/raw", speaks::raw)
      .on_message([](connection& from, byte_view bytes, bool is_text) {
        if (is_text)
          from.send_text(as_text(bytes));
        else
          from.send_binary(bytes);
      });
  if (more)
    more(server_);
  server_.start();
}

bool serves(const running_server& from) {
  ws_client client{from.port(), "/raw"};
  client.send_text("still there?");
  return client.next_message() == "still there?";
}

} // namespace troupe::test
