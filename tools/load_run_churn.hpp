#pragma once
#include "tools/load_run.hpp"

#include <deque>

namespace troupe::load {

/// Connections that come and go: connect, become ready, hold, close in order, begin again.
///
/// Closed loop: each slot begins anew as soon as its connection has ended. Open loop: connections
/// are due at a fixed rate and take any free slot; handshakes are timed from when they were due.
///
/// Threading:  as `run`.
class churn_run final : public run {
public:
  churn_run(const options& settings, const target_address& target, const std::atomic<bool>& stop);

private:
  void perform() override;
  bool connects_first() const noexcept override { return false; }
  void on_ready(std::size_t link, instant now) override;
  void on_payload(std::size_t, byte_view, std::uint64_t, instant) override {}
  void on_gone(std::size_t link) override { free_.push_back(link); }
  void on_closed(std::size_t link, bool is_clean, instant now) override;
  void on_turn(instant now) override;
  std::optional<instant> next_turn() const override;
  std::string describe() const override;

  void begin_measuring();
  void close_due(instant now);
  void connect_free(instant now);
  bool is_refused_only() const noexcept;

  struct held {
    instant until;
    std::size_t link;
    std::uint64_t cycle; ///< the slot may have begun anew since
  };

  std::optional<pacing> pacing_;
  std::deque<std::size_t> free_;      ///< slots without a connection
  std::deque<held> holding_;          ///< in the order in which they are to be closed
  std::vector<std::uint64_t> cycles_; ///< by slot: connections begun
  std::vector<instant> closing_;      ///< by slot: when its close frame was sent
  bool is_running_ = false;
  bool is_measuring_ = false;
  instant measure_start_{};
};

} // namespace troupe::load
