#pragma once
#include "tools/load_native.hpp"
#include "tools/load_progress.hpp"
#include "tools/load_result.hpp"
#include "tools/load_swarm.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

namespace troupe::load {

/// What all scenarios share: connecting with a ramp, the native protocol's opening messages,
/// counting failures, sampling CPU and memory, and the loop itself.
///
/// Threading:  one thread; `stop` may be set by a signal handler.
/// Ownership:  refers to `settings`, `target` and `stop`, which outlive it.
/// Errors:     connections fail one by one and are counted; std::system_error when epoll is not to
/// be had.
class run : protected swarm_events {
public:
  run(const options& settings, const target_address& target, const std::atomic<bool>& stop);
  virtual ~run() = default;
  run(const run&) = delete;
  run& operator=(const run&) = delete;

  /// Carries the run out, from the first connection to the last. Takes no longer than its phases
  /// and deadlines together.
  run_result execute();

protected:
  /// The scenario's part, with all connections settled.
  virtual void perform() = 0;
  /// Whether all connections are opened before `perform`.
  virtual bool connects_first() const noexcept = 0;
  virtual void on_ready(std::size_t link, instant now) = 0;
  virtual void on_payload(std::size_t link, byte_view payload, std::uint64_t sender,
                          instant now) = 0;
  /// A connection that was ready, or tried to be, is over.
  virtual void on_gone(std::size_t link) = 0;
  /// Called between waits; also after each read, by `on_read`.
  virtual void on_turn(instant now) = 0;
  /// When `on_turn` must be called at the latest.
  virtual std::optional<instant> next_turn() const = 0;
  /// What the progress line says.
  virtual std::string describe() const = 0;

  /// Turns the loop until `deadline`, until `done()` or until the user stops the run.
  template <class Done>
  void loop_until(instant deadline, Done done) {
    for (auto now = clock_now(); now < deadline && !done() && !is_stopped(); now = clock_now())
      turn(now, deadline);
  }

  /// Waits once, no longer than until `deadline`, and handles what came.
  void turn(instant now, instant deadline);

  /// Begins and ends the time in which CPU is counted.
  void begin_sampling();
  void end_sampling();

  /// @param due  when it should have begun: handshakes are timed from here.
  void begin_connection(std::size_t link, instant due, instant now);
  bool is_stopped() const noexcept { return stop_.load(std::memory_order_relaxed); }
  void become_ready(std::size_t link, instant now);
  /// Ends a connection that is of no use any more.
  void drop(std::size_t link, const std::string& reason, instant now);
  void begin_phase(std::string name, nanoseconds expected);

  static instant clock_now() noexcept { return std::chrono::steady_clock::now(); }

  const options& settings_;
  swarm swarm_;
  std::optional<native_dialect> native_;
  run_result result_;

private:
  void on_open(std::size_t link, instant now) override;
  void on_message(std::size_t link, byte_view message, instant now) final;
  void on_failed(std::size_t link, const std::string& reason) final;
  void on_lost(std::size_t link, const std::string& reason) final;
  void on_read(instant now) final { on_turn(now); }

  void connect_all();
  void give_up_unready(std::size_t settled);
  void close_all();
  void start_due_connections(instant now);
  instant connect_due(std::size_t link) const noexcept;
  std::size_t settled() const noexcept;

  const std::atomic<bool>& stop_;
  progress progress_;
  std::string phase_;
  instant phase_start_{};
  nanoseconds phase_length_{1};
  instant next_tick_{};
  bool is_connecting_ = false;
  instant connect_start_{};
  instant last_settled_{};
  std::size_t next_connection_ = 0;
  std::vector<instant> began_; ///< by link
  std::vector<bool> is_ready_; ///< by link
  nanoseconds server_cpu_{0};
  nanoseconds server_waiting_{0};
  nanoseconds own_cpu_{0};
  nanoseconds own_waiting_{0};
  instant sampled_at_{};
  swarm_counts sampled_counts_;
};

/// Carries out the scenario that `settings` names.
run_result execute(const options& settings, const std::atomic<bool>& stop);

} // namespace troupe::load
