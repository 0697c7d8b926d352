#include "net/neffos_runner.hpp"

#include "protocol/text_body.hpp"

#include <charconv>

// The life of a neffos client's connection, and what it sends and asks.

namespace troupe::net {

using protocol::neffos_event;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t max_early_messages = 64;

/// Servers may pass a token on to other clients by mistake: no two clients should use the same.
std::uint64_t make_first_wait() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

/// What follows the first character of a token; 0 if that is no number.
std::uint64_t number_of(std::string_view wait) {
  std::uint64_t number = 0;
  if (!wait.empty())
    std::from_chars(wait.data() + 1, wait.data() + wait.size(), number);
  return number;
}

} // namespace

neffos_runner::neffos_runner(client_options options)
    : first_wait_(make_first_wait()), link_(std::move(options), {}, *this) {}

neffos_runner::~neffos_runner() {
  link_.stop();
}

neffos_space& neffos_runner::space(std::string_view name) {
  const std::lock_guard lock{mutex_};
  auto& found = spaces_[std::string{name}];
  if (!found)
    found = std::make_unique<neffos_space>(*this, std::string{name});
  return *found;
}

neffos_space* neffos_runner::find_space(std::string_view name) const {
  const std::lock_guard lock{mutex_};
  const auto at = spaces_.find(name);
  return at == spaces_.end() ? nullptr : at->second.get();
}

std::string neffos_runner::id() const {
  const std::lock_guard lock{mutex_};
  return id_;
}

// -- the connection -------------------------------------------------------------

void neffos_runner::close(std::uint16_t code, std::string reason) {
  members_.forget_all();
  link_.close(code, std::move(reason));
}

void neffos_runner::on_upgraded() {
  link_.send_now({"M"});
}

void neffos_runner::on_message(byte_view message, bool is_binary) {
  if (message.empty())
    return;
  if (!is_acknowledged_)
    return read_ack(message, is_binary);
  dispatch(message, is_binary ? protocol::opcode::binary : protocol::opcode::text);
}

void neffos_runner::read_ack(byte_view message, bool is_binary) {
  const auto ack = protocol::decode_ack(message);
  if (ack && ack->is_accepted)
    return acknowledged(std::string{ack->text});
  if (ack)
    return link_.give_up(errc::refused, std::string{ack->text});
  if (early_.size() == max_early_messages)
    return link_.give_up(errc::protocol_error, "The server does not acknowledge this client.");
  early_.emplace_back(std::vector<std::byte>{message.begin(), message.end()}, is_binary);
}

void neffos_runner::acknowledged(std::string id) {
  is_acknowledged_ = true;
  {
    const std::lock_guard lock{mutex_};
    id_ = id;
  }
  link_.accept([this, &id] {
    restore();
    tell(hooks.open, id);
  });
  for (const auto& [message, is_binary] : std::exchange(early_, {}))
    if (is_acknowledged_)
      on_message(message, is_binary);
}

/// Connects the namespaces, and joins the rooms, of the connection before.
void neffos_runner::restore() {
  for (const auto& [name, rooms] : members_.wanted()) {
    auto* in = find_space(name);
    connect(*in, [this, in, rooms = rooms](const neffos_space::outcome& answer) {
      if (answer)
        for (const auto& room : rooms)
          join(*in, room, {});
    });
  }
}

void neffos_runner::on_end(const client_status& status, std::optional<milliseconds> retry) {
  is_acknowledged_ = false;
  early_.clear();
  std::vector<waiter> waiters;
  {
    const std::lock_guard lock{mutex_};
    waiters = asks_.take_all();
    id_.clear();
  }
  const auto before = members_.connected();
  fail(waiters, errc::connection_lost, "The connection ended.");
  members_.lost(retry.has_value() && link_.options().reconnect.rejoin);
  for (const auto& [name, rooms] : before)
    tell_gone(*find_space(name), rooms);
  tell(hooks.closed, status, retry);
}

// -- sending --------------------------------------------------------------------

errc neffos_runner::emit(std::string_view space, std::string_view room, std::string_view event,
                         payload_view content) {
  if (is_system_event(event))
    return errc::bad_name;
  if (!members_.is_connected(space))
    return errc::closed;
  if (!room.empty() && !members_.is_member(space, room))
    return errc::not_a_member;
  const auto body = protocol::to_text_body(content);
  return say({.space = space,
              .room = room,
              .event = event,
              .body = body.bytes(),
              .type = body.is_binary() ? protocol::opcode::binary : protocol::opcode::text});
}

void neffos_runner::ask(std::string_view space, std::string_view event, payload_view content,
                        milliseconds timeout, ask_answer run) {
  auto verdict = is_system_event(event) ? errc::bad_name : errc::closed;
  if (verdict == errc::closed && members_.is_connected(space)) {
    const auto body = protocol::to_text_body(content);
    verdict =
        question({.space = space,
                  .event = event,
                  .body = body.bytes(),
                  .type = body.is_binary() ? protocol::opcode::binary : protocol::opcode::text},
                 timeout, run);
  }
  if (verdict != errc::ok)
    link_.post([this, verdict, run = std::move(run)] { fail({run}, verdict, to_string(verdict)); });
}

/// Sends `what` with a token; `run` is kept until the answer if that returns `ok`.
errc neffos_runner::question(view what, milliseconds timeout, const waiter& run) {
  const auto limit = timeout.count() > 0 ? timeout : link_.options().ask_timeout;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock{mutex_};
    number = asks_.add(run, steady_clock::now() + limit);
    last_asked_ = number;
  }
  const auto wait = "$" + std::to_string(first_wait_ + number);
  what.wait = wait;
  const auto verdict = say(what);
  if (verdict == errc::ok)
    link_.post([this] { watch_asks(); });
  else if (!take_waiter(wait)) // the end of the connection has told it already
    return errc::ok;
  return verdict;
}

std::optional<neffos_runner::waiter> neffos_runner::take_waiter(std::string_view wait) {
  const auto number = number_of(wait);
  const std::lock_guard lock{mutex_};
  return number <= first_wait_ ? std::nullopt : asks_.take(number - first_wait_);
}

bool neffos_runner::is_own_wait(std::string_view wait) const {
  const auto number = number_of(wait);
  const std::lock_guard lock{mutex_};
  return number > first_wait_ && number - first_wait_ <= last_asked_;
}

void neffos_runner::fail(const std::vector<waiter>& waiters, errc code, std::string_view text) {
  for (const auto& each : waiters)
    tell(each, ask_error{.code = code, .text = std::string{text}});
}

void neffos_runner::watch_asks() {
  const std::lock_guard lock{mutex_};
  if (const auto deadline = asks_.next_deadline())
    link_.wake_at(*deadline);
}

void neffos_runner::on_alarm() {
  std::vector<waiter> late;
  {
    const std::lock_guard lock{mutex_};
    late = asks_.take_expired(steady_clock::now());
  }
  fail(late, errc::timed_out, "No answer came in time.");
  watch_asks();
}

errc neffos_runner::say(const view& message) {
  const auto bytes = protocol::to_bytes(message);
  return link_.send({std::string{as_text(bytes)}, protocol::type_on_wire(message)});
}

void neffos_runner::confirm(std::string_view wait) {
  link_.send({std::string{wait} + ";;;;;;"});
}

void neffos_runner::refuse(const view& what, std::string_view text) {
  say(protocol::make_error_reply(what, text));
}

} // namespace troupe::net
