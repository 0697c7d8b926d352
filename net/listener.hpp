#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "net/event_loop.hpp"
#include "net/timer_wheel.hpp"

namespace troupe::net {

class reactor;

/// Accepts TCP connections on one address and hands the descriptors on.
///
/// When descriptors run out it stops accepting for a moment instead of spinning; connections wait
/// in the kernel's backlog meanwhile.
///
/// Threading:  belongs to one shard. Ownership: owns the listening socket.
/// Errors:     the constructor throws std::runtime_error naming the address and the reason.
class listener final : io_handler, timer {
public:
  /// Receives a connected, non-blocking, close-on-exec descriptor and owns it.
  using accept_function = std::function<void(int descriptor)>;

  /// @param address  "host:port" or "[IPv6]:port"; port 0 picks a free one.
  listener(reactor& home, const std::string& address, accept_function on_accept);
  ~listener() override;

  /// Where it listens, with the real port.
  const std::string& address() const noexcept { return address_; }
  std::uint16_t port() const noexcept { return port_; }

private:
  static constexpr auto retry_after = std::chrono::milliseconds{100};
  static constexpr int batch = 64;

  void on_ready(io_interest ready) noexcept override;
  void on_timer(time_point now) noexcept override;
  void back_off(int error);
  void learn_address(const std::string& host);

  reactor& home_;
  accept_function on_accept_;
  int descriptor_ = -1;
  std::string address_;
  std::uint16_t port_ = 0;
  time_point last_complaint_{};
};

} // namespace troupe::net
