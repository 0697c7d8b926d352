#include "actors/connection_extras.hpp"
#include "actors/neffos_session.hpp"
#include "actors/outgoing.hpp"
#include "actors/pinned_actor.hpp"

#include "troupe/refused.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

// The receiving half of connection_state: what all protocols have in common.

namespace troupe::actors {

namespace {

constexpr std::size_t max_malformed = 16;
constexpr std::chrono::seconds malformed_period{10};

} // namespace

bool connection_state::on_message(protocol::opcode type, std::span<std::byte> bytes) noexcept {
  auto go_on = true;
  guard(0, [&] {
    if (!is_decided_)
      decide(guess(bytes));
    if (!socket_.is_open())
      return; // it was sent away
    switch (encoding_.speaks) {
      case protocol::wire::raw:
        go_on = on_raw(type, bytes);
        break;
      case protocol::wire::native:
        go_on = on_native(type, bytes);
        break;
      case protocol::wire::neffos:
        go_on = on_neffos(type, bytes);
        break;
      case protocol::wire::iris:
        go_on = on_iris(type, bytes);
        break;
    }
  });
  return go_on;
}

bool connection_state::on_rate_limited() noexcept {
  if (encoding_.speaks != protocol::wire::native)
    return false;
  report(0, errc::rate_limited, to_string(errc::rate_limited));
  return true;
}

void connection_state::on_malformed(errc code, std::string_view text) {
  report(0, code, text);
  auto& all = more();
  auto now = self_.home().reactor().now();
  if (now - all.malformed_since > malformed_period) {
    all.malformed_since = now;
    all.malformed = 0;
  }
  if (++all.malformed >= max_malformed)
    socket_.close(errc::policy_violation);
}

// -- the application's code ---------------------------------------------------

handler_outcome connection_state::try_to(const std::function<void()>& call) noexcept {
  try {
    call();
    return {};
  } catch (const refused& no) {
    return {errc::refused, no.what(), {}};
  } catch (const std::exception& error) {
    spdlog::error("a handler of {} failed for connection {}: {}", endpoint_.rules->path(), id_,
                  error.what());
  } catch (...) {
    spdlog::error("a handler of {} failed for connection {}", endpoint_.rules->path(), id_);
  }
  return {errc::handler_failed, std::string{to_string(errc::handler_failed)}, {}};
}

handler_outcome connection_state::call_connect_hook(scoped_connection& in, cause why) {
  message_info about{.is_local = why.is_local};
  auto* outer = std::exchange(at_hand_, &about);
  auto outcome = try_to([&] {
    if (in.rules().connect)
      in.rules().connect(in);
  });
  at_hand_ = outer;
  return outcome;
}

void connection_state::call_connected_hook(scoped_connection& in, cause why) {
  message_info about{.is_local = why.is_local};
  auto* outer = std::exchange(at_hand_, &about);
  guard(0, [&] {
    if (in.rules().connected)
      in.rules().connected(in);
  });
  at_hand_ = outer;
}

void connection_state::on_exception(std::uint64_t ask_id) noexcept {
  auto outcome = try_to([] { throw; });
  report(ask_id, outcome.code, outcome.text);
}

handler_outcome connection_state::run_handler(scoped_connection& in, const message_info& about,
                                              payload_view content) {
  auto* handler = in.rules().find_handler(about.event);
  if (handler == nullptr && in.rules().any)
    handler = &in.rules().any;
  if (handler == nullptr)
    return {errc::unknown_event,
            "there is no handler for the event \"" + std::string{about.event} + "\"",
            {}};
  auto* outer = std::exchange(at_hand_, &about);
  handler_outcome outcome;
  auto failed = try_to([&] { outcome = (*handler)(in, content); });
  at_hand_ = outer;
  return failed.code == errc::ok ? std::move(outcome) : std::move(failed);
}

void connection_state::on_whole_message(protocol::opcode type, byte_view bytes,
                                        scoped_connection& in) {
  auto is_text = type == protocol::opcode::text;
  message_info about{.event = "message", .is_binary = !is_text};
  if (!endpoint_.rules->message) {
    run_handler(in, about, {bytes, is_text ? content_kind::text : content_kind::raw});
    return;
  }
  auto* outer = std::exchange(at_hand_, &about);
  guard(0, [&] { endpoint_.rules->message(in, bytes, is_text); });
  at_hand_ = outer;
}

void connection_state::on_answer(std::uint64_t ask_id, errc code, std::string_view text,
                                 payload_view content) {
  if (code == errc::ok)
    return answer(ask_id, content);
  if (ask_id != 0)
    answer(ask_id, ask_error{.code = code, .text = std::string{text}});
}

bool connection_state::forward(const room_ptr& room, outgoing_event event) {
  auto& own = gate();
  caf::anon_send(room->actor, room_input_ptr{
                                std::make_shared<const room_input>(std::move(event), own, room)});
  auto me = caf::actor_cast<caf::actor>(&self_);
  auto must_wait = (own->is_crowded() && own->wait(me))
                   || (room->gate.is_crowded() && room->gate.wait(me));
  return !must_wait;
}

// -- protocols without names --------------------------------------------------

bool connection_state::on_raw(protocol::opcode type, byte_view bytes) {
  if (!endpoint_.rules->message && own_.rules().find_handler("message") == nullptr)
    return publish_raw(type, bytes);
  on_whole_message(type, bytes, own_);
  return true;
}

bool connection_state::publish_raw(protocol::opcode type, byte_view bytes) {
  auto make_event = [&] {
    auto kind = type == protocol::opcode::text ? content_kind::text : content_kind::raw;
    return outgoing_event{.sender = id_,
                          .name = {.number = 0, .text = "message"},
                          .content = {.bytes = {bytes.begin(), bytes.end()}, .kind = kind}};
  };
  auto go_on = true;
  for (auto& [room, index] : memberships_)
    go_on = forward(room, make_event()) && go_on;
  if (!extras_ || extras_->joins.empty())
    return go_on;
  // One that is still on its way in says this as soon as it is there, and nothing more until then.
  for (auto& pending : extras_->joins)
    pending.messages.push_back(make_event());
  return false;
}

bool connection_state::on_neffos(protocol::opcode type, byte_view bytes) {
  return neffos_->on_message(type, bytes);
}

} // namespace troupe::actors
