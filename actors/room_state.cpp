#include "actors/room_state.hpp"

#include <algorithm>
#include <utility>

#include "troupe/payload_sink.hpp"
#include "troupe/refused.hpp"

#include "actors/outgoing.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace troupe::actors {

using protocol::operation;

namespace {

constexpr std::size_t max_listed_members = 1'000;

void pack_member(payload_packer& to, const member_info& who) {
  to.pack_array(2);
  to.pack(who.id);
  if (who.identity)
    to.pack(*who.identity);
  else
    to.pack_nil();
}

} // namespace

room_state::room_state(runtime& shared, shard& home, room_ptr handle, std::function<void()> flush)
  : shared_{shared},
    rules_{*handle->rules},
    space_{shared.spaces[handle->space]},
    handle_{std::move(handle)},
    members_by_shard_(shared.shards.size()),
    timers_{home.reactor()},
    flush_{std::move(flush)} {}

void room_state::end() noexcept {
  timers_.clear();
  handle_.reset();
}

// -- the application's code ---------------------------------------------------

template <class Call>
room_state::verdict_of_handler room_state::guard(Call call) {
  try {
    call();
    return {};
  } catch (const refused& no) {
    return {errc::refused, no.what()};
  } catch (const std::exception& error) {
    failed(error.what());
  } catch (...) {
    failed("an exception of unknown type");
  }
  return {errc::handler_failed, std::string{to_string(errc::handler_failed)}};
}

void room_state::set_sender(const member_info& who) {
  sender_.id = who.id;
  sender_.is_connected = true;
  sender_.is_lost = false;
  sender_.identity = who.identity ? *who.identity : std::string{};
}

void room_state::create() {
  is_created_ = true;
  sender_ = {};
  if (rules_.create)
    guard([this] { rules_.create(*this); });
}

void room_state::failed(std::string_view why) {
  auto restarts = restarts_.allow(std::chrono::steady_clock::now());
  spdlog::error("room \"{}\" failed: {}; {}", handle_->name, why,
                restarts ? "restarting it" : "it failed too often and is parked");
  values_.clear();
  timers_.clear();
  if (!restarts)
    return park();
  ++epoch_;
  tell_all({.op = operation::restarted, .room = number(), .epoch = epoch_}, {}, 0);
  create();
}

void room_state::park() {
  is_parked_ = true;
  drop_all(protocol::left_reason::room_failed);
}

void room_state::close() {
  if (std::exchange(is_closed_, true))
    return;
  timers_.clear();
  drop_all(protocol::left_reason::room_closed);
}

void room_state::drop_all(protocol::left_reason reason) {
  while (!members_.empty())
    drop(members_.begin()->first, reason);
}

void room_state::visit(const std::function<void(room&)>& run) {
  if (!is_created_)
    create();
  sender_ = {};
  guard([&] { run(*this); });
}

// -- joining and leaving ------------------------------------------------------

void room_state::admit(const admit_member& request) {
  joins_ = request.joins;
  auto& join = *request.join;
  if (!is_created_)
    create();
  if (is_parked_)
    return reject(join.who, join.ask_id, errc::room_parked, to_string(errc::room_parked));
  if (contains(join.who.id))
    return add(join.who, join);
  set_sender(join.who);
  verdict_of_handler verdict;
  if (rules_.join)
    verdict = guard([&] {
      auto outcome = rules_.join(*this, join.arguments);
      if (outcome.code != errc::ok)
        throw refused{outcome.text};
    });
  if (verdict.code == errc::refused)
    verdict.code = errc::room_refused;
  if (verdict.code != errc::ok)
    return reject(join.who, join.ask_id, verdict.code, verdict.text);
  add(join.who, join);
}

void room_state::add(const member_info& who, const join_room& request) {
  auto is_new = members_.try_emplace(who.id, who).second;
  auto shard = shared_.shard_of(who.id);
  if (is_new) {
    ++members_by_encoding_[who.how.index()];
    ++members_by_shard_[shard];
  }
  auto list = rules_.tells_presence && who.how.speaks != protocol::wire::raw
                ? list_members(max_listed_members)
                : payload{};
  auto told = protocol::encode(who.how, {.op = operation::joined,
                                         .ask_id = request.ask_id,
                                         .room = number(),
                                         .text = handle_->name,
                                         .members = members_.size(),
                                         .payload = list.bytes});
  batch_.join(who.id, shard, std::move(told), request.ask_id);
  if (!is_new)
    return;
  tell_presence(who, protocol::presence_kind::came);
  if (rules_.joined)
    guard([this] { rules_.joined(*this); });
}

void room_state::reject(const member_info& who, std::uint64_t ask_id, errc code,
                        std::string_view text) {
  caf::anon_send(shared_.hub_of(who.id),
                 report_error{.id = who.id,
                              .ask_id = ask_id,
                              .code = code,
                              .space = space_.index,
                              .room = handle_->name,
                              .text = std::string{text}});
}

void room_state::leave(const leave_room& request) {
  drop(request.id, protocol::left_reason::asked, request.ask_id, request.how);
}

void room_state::remove(connection_id id) {
  drop(id, protocol::left_reason::removed);
}

void room_state::drop(connection_id id, protocol::left_reason reason, std::uint64_t ask_id,
                      departure how) {
  auto found = members_.find(id);
  if (found == members_.end())
    return;
  auto who = std::move(found->second);
  members_.erase(found);
  --members_by_encoding_[who.how.index()];
  auto shard = shared_.shard_of(id);
  --members_by_shard_[shard];
  batch_.leave(id, shard, protocol::encode(who.how, {.op = operation::left,
                                                     .reason = reason,
                                                     .ask_id = ask_id,
                                                     .room = number()}),
               ask_id, reason != protocol::left_reason::asked);
  tell_presence(who, protocol::presence_kind::went);
  if (rules_.leave && !is_parked_) {
    auto caller = std::move(sender_); // a handler that removes somebody goes on with its own sender
    set_sender(who);
    sender_.is_connected = how == departure::asked;
    sender_.is_lost = how == departure::lost;
    guard([this] { rules_.leave(*this); });
    sender_ = std::move(caller);
  }
}

void room_state::tell_presence(const member_info& who, protocol::presence_kind kind) {
  if (!rules_.tells_presence || is_parked_)
    return;
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack_array(1);
  pack_member(packer, who);
  auto bytes = sink.take();
  tell_all({.op = operation::presence, .kind = kind, .room = number(), .payload = bytes}, {},
           who.id);
}

payload room_state::list_members(std::size_t at_most) const {
  payload_sink sink;
  payload_packer packer{sink};
  auto count = std::min(members_.size(), at_most);
  packer.pack_array(static_cast<std::uint32_t>(count));
  for (auto& [id, who] : members_) {
    if (count-- == 0)
      break;
    pack_member(packer, who);
  }
  return {.bytes = sink.take()};
}

// -- events -------------------------------------------------------------------

void room_state::input(const room_input& request) {
  auto& event = request.event;
  auto found = members_.find(event.sender);
  if (found == members_.end())
    return; // it was taken out while the event was on its way, and knows
  auto name = text_of(event.name, *space_.rules);
  if (auto handler = rules_.handlers.find(name); handler != rules_.handlers.end()) {
    set_sender(found->second);
    handler_outcome outcome;
    auto verdict = guard([&] {
      outcome = handler->second(*this, event.content);
    });
    if (verdict.code == errc::ok)
      verdict = {outcome.code, std::move(outcome.text)};
    if (verdict.code != errc::ok)
      report(event, verdict.code, verdict.text);
    return;
  }
  if (auto relayed = rules_.relayed.find(name); relayed != rules_.relayed.end())
    return relay(event, relayed->second ? 0 : event.sender);
  if (rules_.relays_everything)
    return relay(event, 0);
  report(event, errc::unknown_event,
         "the room has no handler for the event \"" + std::string{name} + "\"");
}

void room_state::send(const broadcast& request) {
  if (request.only != 0) {
    auto& event = *request.event;
    return tell_one(request.only, to_room_message(event, *handle_, space_), event.how);
  }
  relay(*request.event, request.except, request.except_client);
}

void room_state::send_event(const audience& to, std::string_view event, payload content,
                            const delivery& how) {
  outgoing_event sent{.sender = 0, .name = make_event_ref(*space_.rules, event),
                      .content = std::move(content), .how = how};
  if (to.who == audience::kind::connection)
    tell_one(to.id, to_room_message(sent, *handle_, space_), how);
  else
    relay(sent, to.except, to.client);
}

void room_state::send_event(std::span<const connection_id> to, std::string_view event,
                            payload content, const delivery& how) {
  const outgoing_event sent{.name = make_event_ref(*space_.rules, event),
                            .content = std::move(content),
                            .how = how};
  tell_each(to, to_room_message(sent, *handle_, space_), how);
}

void room_state::relay(const outgoing_event& event, connection_id except,
                       std::string_view except_client) {
  auto how = event.how;
  if (how.cls == delivery_class::latest)
    how.key = latest_key(number(), event);
  tell_all(to_room_message(event, *handle_, space_), how, except, except_client);
}

void room_state::tell_all(const message& what, const delivery& how, connection_id except,
                          std::string_view except_client) {
  protocol::frame_set frames;
  auto is_needed = false;
  for (std::size_t i = 0; i < protocol::encoding::count; ++i) {
    if (members_by_encoding_[i] == 0)
      continue;
    frames[i] = protocol::encode(protocol::encoding::at(i), what);
    is_needed = is_needed || frames[i];
  }
  if (is_needed)
    batch_.broadcast(std::move(frames), how, except, std::string{except_client});
}

void room_state::tell_one(connection_id to, const message& what, const delivery& how) {
  tell_each({&to, 1}, what, how);
}

void room_state::tell_each(std::span<const connection_id> to, const message& what,
                           const delivery& how) {
  protocol::frame_set frames; // one per encoding among them
  for (auto id : to) {
    auto found = members_.find(id);
    if (found == members_.end())
      continue;
    auto& frame = frames[found->second.how.index()];
    if (!frame)
      frame = protocol::encode(found->second.how, what);
    if (frame)
      batch_.direct(id, shared_.shard_of(id), frame, how);
  }
}

void room_state::report(const outgoing_event& about, errc code, std::string_view text) {
  auto told = to_room_message(about, *handle_, space_);
  told.op = operation::error;
  told.code = code;
  told.text = text;
  told.content = content_kind::arguments;
  told.payload = {};
  tell_one(about.sender, told, {});
}

std::vector<member> room_state::members() const {
  std::vector<member> all;
  for (auto& [id, who] : members_)
    all.push_back({.id = id, .identity = who.identity ? *who.identity : std::string{}});
  return all;
}

// -- batches ------------------------------------------------------------------

room_batch_ptr room_state::take_batch() {
  return batch_.is_empty() ? nullptr : batch_.take(handle_);
}

std::vector<std::size_t> room_state::shards_of(const room_batch& batch) const {
  std::vector<bool> addressed(members_by_shard_.size());
  for (std::size_t i = 0; i < addressed.size(); ++i)
    addressed[i] = members_by_shard_[i] != 0;
  for (auto& item : batch.items)
    if (item.what != room_batch::kind::broadcast)
      addressed[item.shard] = true;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < addressed.size(); ++i)
    if (addressed[i])
      result.push_back(i);
  return result;
}

std::function<void()> room_state::guarded(std::function<void()> fire) {
  return [this, fire = std::move(fire)] {
    sender_ = {};
    guard(fire);
    flush_();
  };
}

timer_id room_state::after(std::chrono::microseconds delay, std::function<void()> fire) {
  return timers_.after(delay, guarded(std::move(fire)));
}

timer_id room_state::at(net::time_point deadline, std::function<void()> fire) {
  return timers_.at(deadline, guarded(std::move(fire)));
}

timer_id room_state::every(std::chrono::microseconds period, std::function<void()> fire) {
  return timers_.every(period, guarded(std::move(fire)));
}

} // namespace troupe::actors
