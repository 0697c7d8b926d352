#include "net/client_state.hpp"

#include "protocol/native_encode.hpp"

#include <algorithm>

namespace troupe::net {
namespace {

std::string to_message(byte_view front, byte_view payload) {
  std::string result;
  result.reserve(front.size() + payload.size());
  result.append(as_text(front)).append(as_text(payload));
  return result;
}

/// What `latest` messages that replace each other have in common: the front, whatever the content.
std::string slot_of(const protocol::envelope& front) {
  constexpr int raw_bit = 0x20;
  std::string slot{as_text(front.bytes())};
  slot.front() = static_cast<char>(slot.front() & ~raw_bit);
  return slot;
}

void remove_members(std::vector<room_member>& members, const std::vector<room_member>& gone) {
  std::erase_if(members, [&gone](const room_member& one) {
    return std::ranges::any_of(gone, [&one](const room_member& it) { return it.id == one.id; });
  });
}

} // namespace

client_state::client_state(const client_options& options)
    : outgoing_limit_(options.outgoing_bytes), rejoin_(options.reconnect.rejoin) {}

// -- sending ------------------------------------------------------------------

errc client_state::emit(std::string_view event, payload_view content, const delivery& how) {
  if (!protocol::is_valid_name(event))
    return errc::bad_name;
  const std::lock_guard lock{mutex_};
  const auto front = protocol::encode_client_event(to_wire(event), content.kind, how);
  return queue(front, content, how);
}

errc client_state::publish(std::string_view room, std::string_view event, payload_view content,
                           const delivery& how) {
  if (!protocol::is_valid_name(event))
    return errc::bad_name;
  const std::lock_guard lock{mutex_};
  if (!is_open_ && !is_suspended_)
    return errc::closed;
  const auto* known = find_room(room);
  if (known == nullptr)
    return errc::not_a_member;
  const auto front = protocol::encode_publish(known->number, to_wire(event), content.kind, how);
  return queue(front, content, how);
}

errc client_state::ask(std::string_view event, payload_view content, waiter& done,
                       time_point deadline) {
  if (!protocol::is_valid_name(event))
    return errc::bad_name;
  const std::lock_guard lock{mutex_};
  if (const auto verdict = admit(content.bytes.size()); verdict != errc::ok)
    return verdict;
  const auto id = asks_.add(std::move(done), deadline);
  const auto front = protocol::encode_ask(id, to_wire(event), content.kind);
  return queue(front, content);
}

errc client_state::join(std::string_view room, byte_view arguments, waiter& done,
                        time_point deadline) {
  if (!protocol::is_valid_name(room))
    return errc::bad_name;
  const std::lock_guard lock{mutex_};
  if (const auto verdict = admit(arguments.size()); verdict != errc::ok)
    return verdict;
  wanted_[std::string{room}].assign(arguments.begin(), arguments.end());
  return queue_join(room, arguments, std::move(done), deadline);
}

errc client_state::leave(std::string_view room, waiter& done, time_point deadline) {
  const std::lock_guard lock{mutex_};
  if (const auto at = wanted_.find(room); at != wanted_.end())
    wanted_.erase(at);
  if (const auto verdict = admit(0); verdict != errc::ok)
    return verdict;
  const auto* known = find_room(room);
  if (known == nullptr)
    return errc::not_a_member;
  const auto id = asks_.add(std::move(done), deadline);
  return queue(protocol::encode_leave(id, known->number).bytes(), {});
}

void client_state::rejoin_with(std::string_view room, byte_view arguments) {
  const std::lock_guard lock{mutex_};
  if (const auto at = wanted_.find(room); at != wanted_.end())
    at->second.assign(arguments.begin(), arguments.end());
}

void client_state::answer(std::uint64_t ask_id, const reply& answer) {
  if (answer.code != errc::ok)
    return fail(ask_id, answer.code, answer.text);
  const std::lock_guard lock{mutex_};
  queue(protocol::encode_reply(ask_id, answer.content.kind), answer.content);
}

void client_state::fail(std::uint64_t ask_id, errc code, std::string_view text) {
  const std::lock_guard lock{mutex_};
  queue(protocol::encode_error(ask_id, code).bytes(), as_bytes(text));
}

void client_state::ask_clock(std::chrono::microseconds now) {
  const std::lock_guard lock{mutex_};
  queue(protocol::encode_client_clock(static_cast<std::uint64_t>(now.count())).bytes(), {});
}

errc client_state::admit(std::size_t bytes) const {
  if (!is_open_ && !is_suspended_)
    return errc::closed;
  const auto waiting = std::max(outgoing_bytes_, unconfirmed_.bytes());
  const bool fits = waiting + bytes + protocol::envelope::max_size <= outgoing_limit_;
  return fits ? errc::ok : errc::slow_consumer;
}

errc client_state::queue(protocol::envelope front, payload_view content, const delivery& how) {
  if (is_suspended_ && how.cls == delivery_class::droppable)
    return errc::closed;
  auto slot = how.cls == delivery_class::latest ? slot_of(front) : std::string{};
  const auto opened = front.opening(content.kind, content.bytes.size());
  return slot.empty() ? queue(opened.bytes(), content.bytes)
                      : queue_latest(std::move(slot), opened.bytes(), content.bytes);
}

errc client_state::queue_latest(std::string slot, byte_view front, byte_view payload) {
  const auto known = latest_.find(slot);
  if (known == latest_.end()) {
    const auto verdict = queue(front, payload);
    if (verdict == errc::ok)
      latest_.emplace(std::move(slot), outgoing_.size() - 1);
    return verdict;
  }
  auto& older = outgoing_[known->second];
  outgoing_bytes_ -= older.size();
  const auto verdict = admit(payload.size());
  if (verdict == errc::ok)
    older = to_message(front, payload);
  outgoing_bytes_ += older.size();
  return verdict;
}

errc client_state::queue(byte_view front, byte_view payload) {
  if (const auto verdict = admit(payload.size()); verdict != errc::ok)
    return verdict;
  outgoing_.push_back(to_message(front, payload));
  outgoing_bytes_ += outgoing_.back().size();
  return errc::ok;
}

errc client_state::queue_join(std::string_view room, byte_view arguments, waiter done,
                              time_point deadline) {
  const auto id = asks_.add(std::move(done), deadline);
  joining_.emplace(id, room);
  return queue(protocol::encode_join(id, room).bytes(), arguments);
}

protocol::event_name client_state::to_wire(std::string_view event) const {
  const auto at = event_numbers_.find(std::string{event});
  if (at == event_numbers_.end())
    return {.number = 0, .text = event};
  return {.number = at->second, .text = {}};
}

// -- looking ------------------------------------------------------------------

bool client_state::is_open() const {
  const std::lock_guard lock{mutex_};
  return is_open_;
}

server_info client_state::info() const {
  const std::lock_guard lock{mutex_};
  return info_;
}

clock_estimate client_state::clock() const {
  const std::lock_guard lock{mutex_};
  return clock_;
}

std::optional<room_info> client_state::room(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto* known = find_room(name);
  return known == nullptr ? std::nullopt : std::optional{*known};
}

std::vector<std::string> client_state::rooms() const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> result;
  for (const auto& [number, room] : rooms_)
    result.push_back(room.name);
  return result;
}

const room_info* client_state::find_room(std::string_view name) const {
  for (const auto& [number, room] : rooms_)
    if (room.name == name)
      return &room;
  return nullptr;
}

// -- the connection -----------------------------------------------------------

void client_state::opened(server_info info, const hello_session& session, time_point deadline,
                          const rejoin_waiter& told) {
  const std::lock_guard lock{mutex_};
  is_open_ = true;
  info_ = std::move(info);
  begin_session(session);
  event_numbers_.clear();
  for (std::size_t i = 0; i < info_.events.size(); ++i)
    event_numbers_.emplace(info_.events[i], i);
  clock_.reset();
  for (const auto& [room, arguments] : wanted_)
    queue_join(
        room, arguments, [told, name = room](const reply& answer) { told(name, answer); },
        deadline);
}

std::vector<client_state::waiter> client_state::lost() {
  const std::lock_guard lock{mutex_};
  is_open_ = is_suspended_ = false;
  has_lost_session_ = has_lost_session_ || has_session();
  session_ = {};
  unconfirmed_.clear();
  info_.connection = 0;
  rooms_.clear();
  joining_.clear();
  outgoing_.clear();
  latest_.clear();
  outgoing_bytes_ = 0;
  if (!rejoin_)
    wanted_.clear();
  return asks_.take_all();
}

std::vector<std::string> client_state::take_outgoing() {
  const std::lock_guard lock{mutex_};
  latest_.clear();
  if (has_session())
    for (const auto& message : outgoing_)
      if (protocol::is_counted(as_bytes(message)))
        unconfirmed_.add(message);
  return std::exchange(outgoing_, {});
}

void client_state::sent(std::size_t bytes) {
  const std::lock_guard lock{mutex_};
  outgoing_bytes_ -= std::min(bytes, outgoing_bytes_);
}

// -- what arrived -------------------------------------------------------------

std::optional<client_state::waiter> client_state::take_waiter(std::uint64_t ask_id, errc outcome) {
  const std::lock_guard lock{mutex_};
  if (const auto join = joining_.extract(ask_id); !join.empty() && outcome != errc::ok)
    wanted_.erase(join.mapped()); // refused: do not try again after a reconnect
  return asks_.take(ask_id);
}

std::vector<client_state::waiter> client_state::take_expired(time_point now) {
  const std::lock_guard lock{mutex_};
  return asks_.take_expired(now);
}

std::optional<client_state::time_point> client_state::next_deadline() const {
  const std::lock_guard lock{mutex_};
  return asks_.next_deadline();
}

std::string client_state::event_name(const protocol::event_name& name) const {
  if (!name.is_number())
    return std::string{name.text};
  const std::lock_guard lock{mutex_};
  return name.number < info_.events.size() ? info_.events[name.number] : std::string{};
}

std::string client_state::room_name(std::uint64_t number) const {
  const std::lock_guard lock{mutex_};
  const auto at = rooms_.find(number);
  return at == rooms_.end() ? std::string{} : at->second.name;
}

std::optional<room_change> client_state::joined(const protocol::message& from) {
  auto members = read_members(from.payload);
  const std::lock_guard lock{mutex_};
  const std::string name{from.text};
  rooms_[from.room] = {from.room, name, from.members, members};
  wanted_.try_emplace(name);
  return room_change{room_change::kind::joined, name, std::move(members), {}};
}

std::optional<room_change> client_state::left(const protocol::message& from) {
  const std::lock_guard lock{mutex_};
  const auto room = rooms_.extract(from.room);
  if (room.empty())
    return std::nullopt;
  wanted_.erase(room.mapped().name);
  return room_change{room_change::kind::left,
                     room.mapped().name,
                     {},
                     static_cast<room_change::reason>(from.reason)};
}

std::optional<room_change> client_state::presence(const protocol::message& from) {
  auto who = read_members(from.payload);
  const std::lock_guard lock{mutex_};
  const auto at = rooms_.find(from.room);
  if (at == rooms_.end())
    return std::nullopt;
  auto& room = at->second;
  const bool came = from.kind == protocol::presence_kind::came;
  remove_members(room.members, who); // of newcomers as well: nobody is listed twice
  if (came)
    room.members.insert(room.members.end(), who.begin(), who.end());
  room.member_count =
      came ? room.member_count + who.size()
           : room.member_count - std::min<std::uint64_t>(room.member_count, who.size());
  return room_change{
      came ? room_change::kind::came : room_change::kind::went, room.name, std::move(who), {}};
}

std::optional<room_change> client_state::restarted(const protocol::message& from) {
  const std::lock_guard lock{mutex_};
  const auto at = rooms_.find(from.room);
  if (at == rooms_.end())
    return std::nullopt;
  return room_change{room_change::kind::restarted, at->second.name, {}, {}};
}

void client_state::clock(const protocol::message& from, std::chrono::microseconds now) {
  const std::lock_guard lock{mutex_};
  clock_.add(std::chrono::microseconds{from.client_time},
             std::chrono::microseconds{from.server_time}, now);
}

} // namespace troupe::net
