#pragma once
#include "protocol/native.hpp"
#include "protocol/native_encode.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// A server of `troupe.v1` made of Beast's synchronous stream, one connection at a time, that does
/// what a test's script says: an oracle that shares no code with our server's sockets.
///
/// Threading:  the script runs on the server's thread.
/// Lifetime:   the destructor drops the connection and joins the thread.
class fake_server {
public:
  /// The connection that a script talks to.
  class peer {
  public:
    virtual void send(const std::vector<std::byte>& message) = 0;
    virtual void send_text(const std::string& text) = 0;
    virtual void close(std::uint16_t code, const std::string& reason) = 0;
    virtual void drop() = 0; ///< without a closing handshake

    void send(const protocol::envelope& front, byte_view payload = {}) {
      send(protocol::to_message(front, payload));
    }

  protected:
    ~peer() = default;
  };

  struct script {
    std::function<void(peer&, const protocol::message&)> on_message{};
    std::function<void(std::uint16_t code, const std::string& reason)> on_closed{};
    std::function<void(peer&)> on_open{}; ///< instead of the usual hello
    std::vector<std::string> events{};    ///< in the hello
    std::string subprotocol = "troupe.v1";
    unsigned refuse_with = 0; ///< HTTP status instead of an upgrade
  };

  explicit fake_server(script what);
  fake_server(const fake_server&) = delete;
  fake_server& operator=(const fake_server&) = delete;
  ~fake_server();

  std::string url() const;
  int connections() const noexcept;

private:
  struct machinery;
  const std::unique_ptr<machinery> io_;
};

/// The usual hello, with connection id 7.
std::vector<std::byte> make_hello(const std::vector<std::string>& events);

} // namespace troupe::test
