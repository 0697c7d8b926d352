#pragma once
#include "troupe/dialer.hpp"

#include "tests/support/certificate.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace troupe::test {

/// A server or proxy for one connection that does what a test's script says, step by step, on a
/// thread of its own. It is reached through `connect`, without a network.
///
/// Lifetime:   the destructor hangs up and joins the thread.
class scripted_peer {
public:
  /// The peer's side of the connection. What fails ends the script.
  class stream {
  public:
    explicit stream(int descriptor) noexcept;
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;
    ~stream();

    std::string read_head(); ///< of a request, with the empty line
    std::string read_some();
    void write(std::string_view bytes);
    void start_tls(const certificate& identity);
    std::string server_name() const; ///< that the client asked TLS for

  private:
    struct machinery;
    const std::unique_ptr<machinery> io_;
  };

  explicit scripted_peer(std::function<void(stream&)> script);
  scripted_peer(const scripted_peer&) = delete;
  scripted_peer& operator=(const scripted_peer&) = delete;
  ~scripted_peer();

  /// Hands over the client's end, once.
  connect_function connect();
  /// "host:port" that the client wanted to reach.
  const std::string& asked_for() const noexcept { return asked_for_; }

  /// Ends the connection, and waits for the script.
  void finish();

private:
  int client_ = -1;
  int server_ = -1;
  std::string asked_for_;
  std::thread thread_;
};

/// A correct 101 for the request `head`, with further lines ("Name: value\r\n" each).
std::string upgrade_answer(std::string_view head, std::string_view fields = {});

/// The value of a field in `head`; empty if it is not there.
std::string field_of(std::string_view head, std::string_view name);

} // namespace troupe::test
