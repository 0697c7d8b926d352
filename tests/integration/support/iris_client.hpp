#pragma once
#include "tests/integration/support/ws_client.hpp"

#include <string>
#include <string_view>

namespace troupe::test {

/// A client of iris' protocol on `ws_client`: it sends strings, and hears events without the prefix
/// that all of them begin with, as "said;0;hello".
class iris_client {
public:
  static constexpr std::string_view prefix = "iris-websocket-message:";

  explicit iris_client(std::uint16_t port, std::string_view target = "/iris",
                       std::string_view fields = {})
      : ws_{port, target, fields} {}

  ws_client& ws() noexcept { return ws_; }
  void emit(std::string_view event, std::string_view data = {}) {
    send(std::string{prefix}.append(event).append(";0;").append(data));
  }
  void send(std::string_view message) { ws_.send_text(message); }

  /// The next message; a native one is told as it is.
  std::string next() {
    auto message = ws_.next_message();
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }
  std::string ask(std::string_view event, std::string_view data = {}) {
    emit(event, data);
    return next();
  }

private:
  ws_client ws_;
};

} // namespace troupe::test
