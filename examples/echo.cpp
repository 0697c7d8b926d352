#include "troupe/server.hpp"

/// Sends each message back as it came: text as text, binary as binary. `echo_client` talks to it.
int main(int argc, char** argv) {
  troupe::server server{troupe::config::from_args(argc, argv)};
  server.endpoint("/echo", troupe::speaks::raw)
      .on_message([](troupe::connection& from, troupe::byte_view bytes, bool is_text) {
        if (is_text)
          from.send_text(troupe::as_text(bytes));
        else
          from.send_binary(bytes);
      });
  return server.run();
}
