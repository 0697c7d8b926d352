#pragma once
#include "tests/integration/support/ws_client.hpp"

#include <string>
#include <string_view>

namespace troupe::test {

/// A client of neffos on `ws_client` that sends exactly the frames it is told to.
class neffos_client {
public:
  explicit neffos_client(std::uint16_t port, std::string_view target = "/neffos",
                         std::string_view fields = {})
      : ws_{port, target, fields} {}

  ws_client& ws() noexcept { return ws_; }
  const std::string& id() const noexcept { return id_; }

  /// Says `M` and takes the id from the answer. @throws if the answer is another.
  neffos_client& open();
  /// Connects a namespace, opening the connection before if need be. @throws if it is refused.
  neffos_client& connect(std::string_view space = "default");
  /// Joins a room and waits for the answer. @throws if it is refused.
  neffos_client& join(std::string_view room, std::string_view space = "default");

  void send(std::string_view frame) { ws_.send_text(frame); }
  void send_binary(std::string_view frame) { ws_.send_binary(frame); }
  /// An event without a token.
  void emit(std::string_view event, std::string_view body = {}, std::string_view room = {},
            std::string_view space = "default");

  /// The next message, whatever it is; "BIN " is put in front of binary ones.
  std::string next();
  /// Takes the next message, which must have a token of the server's own and be `rest` behind it.
  /// @returns the token. @throws if it is another.
  std::string next_request(std::string_view rest);
  /// Sends `frame` and takes the next message.
  std::string ask(std::string_view frame) {
    send(frame);
    return next();
  }
  /// Whether nothing came before the answer to an ask. @pre "echo" of a connected `space` answers.
  bool is_quiet(std::string_view space = "default");

private:
  ws_client ws_;
  std::string id_;
};

/// What confirms a request with this token.
inline std::string confirmed(std::string_view wait) {
  return std::string{wait} + ";;;;;;";
}

} // namespace troupe::test
