#include "actors/connection_state.hpp"
#include "actors/neffos_session.hpp"

#include <utility>

// What connection_state does about single frames: the hooks of websocket_hooks.

namespace troupe::actors {

template <class Call>
void connection_state::run_frame_hook(Call&& call) noexcept {
  auto outcome = try_to(std::forward<Call>(call));
  if (outcome.code != errc::ok)
    socket_.close(outcome.code, protocol::to_close_code(outcome.code), outcome.text);
}

bool connection_state::on_part(protocol::opcode type, byte_view bytes,
                               protocol::message_place place) noexcept {
  const bool is_text = type == protocol::opcode::text;
  const message_info about{.event = "message", .is_binary = !is_text};
  auto* outer = std::exchange(at_hand_, &about);
  run_frame_hook([&] {
    endpoint_.rules->frames.part(
        own_,
        {.bytes = bytes, .is_text = is_text, .is_first = place.is_first, .is_last = place.is_last});
  });
  at_hand_ = outer;
  return true;
}

void connection_state::on_ping(byte_view payload) noexcept {
  if (is_opened_)
    run_frame_hook([&] { endpoint_.rules->frames.ping(own_, payload); });
  else
    socket_.send_control(protocol::opcode::pong, payload);
}

void connection_state::on_pong(byte_view payload) noexcept {
  if (neffos_ && neffos_->on_pong(payload))
    return;
  if (is_opened_ && endpoint_.rules->frames.pong)
    run_frame_hook([&] { endpoint_.rules->frames.pong(own_, payload); });
}

void connection_state::on_close_frame(std::uint16_t code, std::string_view reason) noexcept {
  if (is_opened_)
    run_frame_hook([&] { endpoint_.rules->frames.close_frame(own_, code, reason); });
  else
    socket_.close(errc::ok, static_cast<close_code>(code));
}

void connection_state::on_drained() noexcept {
  if (is_opened_ && endpoint_.rules->frames.drained)
    run_frame_hook([&] { endpoint_.rules->frames.drained(own_); });
}

} // namespace troupe::actors
