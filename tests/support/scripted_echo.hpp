#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace troupe::test {

/// An echo server for raw messages that may lose, repeat or swap them, made of Beast's synchronous
/// stream with one thread per connection: it shares no code with our sockets.
///
/// Threading:  `answer` is called on the connections' threads.
/// Lifetime:   the destructor drops all connections and joins all threads.
class scripted_echo {
public:
  /// @param number   counts the messages of this connection from 0.
  /// @returns what is sent back, in order.
  using script = std::function<std::vector<std::string>(std::string message, int number)>;

  explicit scripted_echo(script answer);
  scripted_echo(const scripted_echo&) = delete;
  scripted_echo& operator=(const scripted_echo&) = delete;
  ~scripted_echo();

  std::string port() const;

private:
  struct machinery;
  void accept_all();

  const script answer_;
  const std::unique_ptr<machinery> io_;
  std::atomic<bool> is_stopping_ = false;
  std::thread thread_;
};

} // namespace troupe::test
