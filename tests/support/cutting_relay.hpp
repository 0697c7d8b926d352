#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace troupe::test {

/// A TCP relay to a port of 127.0.0.1 that cuts connections at random bytes, like a bad network:
/// what it has taken and not passed on is lost.
///
/// Threading:  one thread of its own; public functions from any thread.
class cutting_relay {
public:
  using clock = std::chrono::steady_clock;

  cutting_relay(std::uint16_t upstream, unsigned seed);
  ~cutting_relay();
  cutting_relay(const cutting_relay&) = delete;
  cutting_relay& operator=(const cutting_relay&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  /// Connections from now on are cut after at most so many bytes, both directions together; 0:
  /// never.
  void cut_within(std::size_t bytes) noexcept { most_ = bytes; }
  /// Cuts everything now.
  void cut_all() noexcept { cuts_all_ = true; }
  /// Takes no connections, or takes them again.
  void refuse(bool all) noexcept { refuses_ = all; }
  std::size_t cuts() const noexcept { return cuts_; }
  /// When the newest connection was taken.
  clock::time_point last_accept() const noexcept { return last_accept_; }

private:
  struct passage;

  void run();
  void accept();
  bool pass(passage& from, int source, int target);

  const std::uint16_t upstream_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::mt19937 random_;
  std::vector<std::unique_ptr<passage>> passages_;

  std::atomic<std::size_t> most_{0};
  std::atomic<std::size_t> cuts_{0};
  std::atomic<bool> cuts_all_{false};
  std::atomic<bool> refuses_{false};
  std::atomic<bool> is_over_{false};
  std::atomic<clock::time_point> last_accept_{};
  std::thread thread_; ///< last: it uses all of the above
};

} // namespace troupe::test
