#include "troupe/server.hpp"

#include <string>

/// An echo that keeps the type of what it is sent, for clients of every protocol.
///
/// Whole messages stay text or binary. Events have types: what a handler takes as a number comes
/// back as a number, in the way that the client's protocol writes numbers.
int main(int argc, char** argv) {
  using namespace troupe;
  server server{config::from_args(argc, argv)};
  auto& echo =
      server.endpoint("/echo", speaks::native | speaks::neffos | speaks::iris | speaks::raw);

  echo.on("text", [](connection& c, std::string_view text) { c.emit("text", text); });
  echo.on("number", [](connection& c, std::int64_t number) { c.emit("number", number); });
  echo.on("switch", [](connection& c, bool is_on) { c.emit("switch", is_on); });
  echo.on("bytes", [](connection& c, byte_view bytes) { c.emit("bytes", bytes); });
  echo.on("ask", [](std::string text) { return text; });

  echo.on_message([](connection& c, byte_view bytes, bool is_text) {
    if (is_text)
      c.send_text(as_text(bytes));
    else
      c.send_binary(bytes);
  });
  return server.run();
}
