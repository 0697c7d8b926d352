#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// A server without a subprotocol, one connection at a time, that does what a test's script says.
/// It is made of Beast's synchronous stream: an oracle that shares no code with our sockets.
///
/// Threading:  the script runs on the server's thread; `seen` and `requests` from any thread.
/// Lifetime:   the destructor drops the connection and joins the thread.
class text_server {
public:
  /// The connection that a script talks to.
  class peer {
  public:
    virtual void send(const std::string& text) = 0;
    virtual void send_binary(const std::string& bytes) = 0;
    virtual void close(std::uint16_t code, const std::string& reason) = 0;
    virtual void drop() = 0; ///< without a closing handshake

  protected:
    ~peer() = default;
  };

  /// Called for every message of a client.
  using script = std::function<void(peer&, const std::string& message)>;

  explicit text_server(script what);
  text_server(const text_server&) = delete;
  text_server& operator=(const text_server&) = delete;
  ~text_server();

  std::string url() const;
  /// What clients have sent so far; binary messages begin with "binary ".
  std::vector<std::string> seen() const;
  /// The value of this field in every request so far; "" where it was not there.
  std::vector<std::string> fields(const std::string& name) const;

private:
  struct machinery;
  const std::unique_ptr<machinery> io_;
};

} // namespace troupe::test
