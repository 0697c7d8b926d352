#pragma once
#include "tools/load_run.hpp"

namespace troupe::load {

/// The scenarios that keep their connections: broadcast, echo, rooms, and idle, which sends
/// nothing.
///
/// Threading:  as `run`.
class traffic_run final : public run {
public:
  traffic_run(const options& settings, const target_address& target, const std::atomic<bool>& stop);

private:
  void perform() override;
  bool connects_first() const noexcept override { return true; }
  void on_ready(std::size_t link, instant now) override;
  void on_payload(std::size_t link, byte_view payload, std::uint64_t sender, instant now) override;
  void on_gone(std::size_t link) override { traffic_.closed(link); }
  void on_closed(std::size_t link, bool is_clean, instant now) override;
  void on_turn(instant now) override;
  std::optional<instant> next_turn() const override { return traffic_.next_due(); }
  std::string describe() const override;

  void measure();
  void drain();
  bool is_stalled();
  void send_due(instant now);
  void send(const stamp& message);
  bool is_from(const stamp& value, std::uint64_t sender) const noexcept;

  traffic traffic_;
  std::vector<std::byte> body_; ///< the stamp and what fills the message up
  instant measure_start_{};
  std::uint64_t arrived_before_ = 0;
  instant last_arrival_{};
};

} // namespace troupe::load
