#pragma once
#include "net/delay_line.hpp"
#include "net/event_loop.hpp"
#include "net/timer_wheel.hpp"

#include <cstdint>
#include <vector>

namespace troupe::net {

/// One connection over a `bad_network`: two sockets, and a line in each direction.
///
/// Threading:  belongs to the thread of its network.
/// Ownership:  closes both sockets.
class bad_link {
public:
  /// What all links of a network share.
  struct home {
    event_loop loop{};
    timer_wheel timers{steady_clock::now()};
    time_point now = steady_clock::now(); ///< of this turn
    std::vector<bad_link*> ended{};       ///< in this turn, to be destroyed after it
  };

  bad_link(home& at, int client, int server, const impairment& how, std::uint64_t seed);
  bad_link(const bad_link&) = delete;
  bad_link& operator=(const bad_link&) = delete;

private:
  /// One of the two sockets, and what is on its way to it.
  class end final : io_handler, timer {
  public:
    end(bad_link& link, int descriptor, const impairment& how, std::uint64_t seed);
    ~end() override;

    /// Writes what has arrived.
    void proceed();
    /// Waits for what may be read from it, or written to it.
    void watch();
    /// Whether nothing will ever be written to it again.
    bool is_done() const noexcept { return is_broken_ || has_finished_; }

  private:
    void on_ready(io_interest ready) noexcept override;
    void on_timer(time_point now) noexcept override;
    end& other() const noexcept;
    void read();
    void deliver();
    void finish();
    void break_off() noexcept;
    bool is_hung_up() const noexcept;

    bad_link& link_;
    int descriptor_;
    delay_line arriving_;
    bool has_ended_ = false;    ///< nothing more will be read from it
    bool has_finished_ = false; ///< the other's end has arrived here
    bool is_broken_ = false;    ///< nobody is there to take anything
    bool is_blocked_ = false;   ///< it takes no bytes at the moment
    bool is_watched_ = false;
  };

  void proceed();

  home& home_;
  end client_;
  end server_;
  bool has_ended_ = false;
};

} // namespace troupe::net
