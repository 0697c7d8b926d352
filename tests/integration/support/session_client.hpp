#pragma once
#include "net/client_state.hpp"
#include "protocol/resume.hpp"
#include "tests/integration/support/native_client.hpp"

#include <memory>
#include <string>

namespace troupe::test {

/// A client of `troupe.v1` that asks for a session, or for one that it had.
class session_client : public native_client {
public:
  explicit session_client(std::uint16_t port, const protocol::resume_offer& offer = {},
                          std::string_view fields = {})
      : native_client{port, "/game", offer_field(offer).append(fields)},
        session_{net::read_session(*hello())} {}

  static std::string offer_field(const protocol::resume_offer& offer) {
    return "Sec-WebSocket-Protocol: " + protocol::to_subprotocol(offer) + "\r\n";
  }

  const net::hello_session& session() const noexcept { return session_; }
  const std::string& token() const noexcept { return session_.token; }
  bool is(protocol::session_outcome outcome) const noexcept { return session_.outcome == outcome; }

  /// Tells that the first `count` messages have come: the token before this one is used up.
  void confirm(std::uint64_t count = 0) {
    send({.op = protocol::operation::received, .count = count});
    (void)ask("nothing");
    (void)wait_for(protocol::operation::error);
  }
  /// The network is gone.
  void cut() { ws().socket().reset(); }

private:
  net::hello_session session_;
};

/// What a client offers to come back as `of`.
inline protocol::resume_offer return_of(const session_client& of, std::uint64_t received,
                                        std::uint64_t attempt = 1) {
  return {.token = of.token(), .received = received, .attempt = attempt};
}

} // namespace troupe::test
