#include "tools/connect_session.hpp"

#include <ostream>

namespace troupe::connect {
namespace {

using kind = typed_line::kind;
using change = room_change::kind;

std::string with_arguments(std::string text, payload_view content) {
  const auto arguments = show_arguments(content);
  return arguments.empty() ? text : text.append(" ").append(arguments);
}

std::string show_members(const std::vector<room_member>& members) {
  std::string text;
  for (const auto& one : members) {
    text.append(text.empty() ? "" : ", ").append(std::to_string(one.id));
    if (!one.identity.empty())
      text.append(" ").append(printable(one.identity));
  }
  return text;
}

std::string_view show_reason(room_change::reason why) noexcept {
  switch (why) {
  case room_change::reason::asked:
    return "";
  case room_change::reason::removed:
    return ": the server removed you";
  case room_change::reason::room_closed:
    return ": the room is closed";
  case room_change::reason::room_failed:
    return ": the room failed";
  case room_change::reason::connection_lost:
    return ": the connection is lost";
  case room_change::reason::refused:
    return ": the room did not take you again";
  }
  return "";
}

std::string show_end(const client_status& status) {
  std::string text{status.text.empty() ? "The connection ended." : printable(status.text)};
  if (status.close_code != 0)
    text = "closed by the server with " + std::to_string(status.close_code)
           + (status.text.empty() ? "" : ": " + printable(status.text));
  return text;
}

} // namespace

session::session(client_options options, std::ostream& out)
    : out_(out), client_(std::move(options)) {
  show_handlers();
}

void session::on_lost(std::function<void()> lost) {
  const std::lock_guard lock{mutex_};
  lost_ = std::move(lost);
}

bool session::connect() {
  const auto status = client_.connect();
  return status.code == errc::ok;
}

bool session::has_failed() const {
  const std::lock_guard lock{mutex_};
  return has_failed_;
}

void session::finish(std::chrono::milliseconds wait) {
  {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, wait, [this] { return is_lost_; });
    changed_.wait(lock, [this] { return open_answers_ == 0; }); // the client has deadlines
    is_finishing_ = true;
  }
  client_.close();
}

// -- what arrives -----------------------------------------------------------------

void session::show_handlers() {
  client_.on_open([this](const server_info& info) {
    say('*', "connected as " + std::to_string(info.connection) + ", "
                 + std::to_string(info.events.size()) + " registered events");
  });
  client_.on_close([this](const auto& status, auto retry) { show_close(status, retry); });
  client_.on_error([this](errc code, std::string_view text) {
    fail(printable(text.empty() ? to_string(code) : text));
  });
  client_.on_room_change([this](const room_change& what) { show_change(what); });
  client_.on_any([this](const incoming& from) { show_incoming(from); });
}

void session::show_incoming(const incoming& from) {
  std::string text;
  if (!from.room.empty())
    text.append(printable(from.room)).append(" ").append(std::to_string(from.sender)).append(": ");
  say(from.is_ask ? '?' : '<', with_arguments(text.append(printable(from.event)), from.content));
}

void session::show_change(const room_change& what) {
  const auto room = printable(what.room);
  switch (what.what) {
  case change::joined:
    return say('*', "joined " + room + ": " + show_members(what.who));
  case change::left:
    return say('*', "left " + room + std::string{show_reason(what.why)});
  case change::came:
    return say('*', room + ": " + show_members(what.who) + " came");
  case change::went:
    return say('*', room + ": " + show_members(what.who) + " went");
  case change::restarted:
    return say('*', room + " was restarted");
  }
}

void session::show_close(const client_status& status,
                         std::optional<std::chrono::milliseconds> retry) {
  if (status)
    return say('*', "closed");
  if (retry)
    return say('!',
               show_end(status) + " Next attempt in " + std::to_string(retry->count()) + " ms.");
  fail(show_end(status));
  std::function<void()> lost;
  {
    const std::lock_guard lock{mutex_};
    is_lost_ = true;
    lost = lost_;
  }
  changed_.notify_all();
  if (lost)
    lost();
}

// -- what is typed ------------------------------------------------------------------

bool session::handle(std::string_view line) {
  const auto typed = parse_line(line);
  if (!typed) {
    fail(typed.error());
    return true;
  }
  switch (typed->what) {
  case kind::nothing:
    break;
  case kind::event:
    sent(client_.send_event(typed->event, typed->arguments, {}), typed->event);
    break;
  case kind::to_room:
    sent(client_.send_room_event(typed->room, typed->event, typed->arguments, {}), typed->room);
    break;
  case kind::ask:
    ask(*typed);
    break;
  case kind::join:
    join(*typed);
    break;
  case kind::leave:
    leave(*typed);
    break;
  case kind::rooms:
    show_rooms();
    break;
  case kind::help:
    say('*', help_text());
    break;
  case kind::quit:
    return false;
  }
  return true;
}

void session::sent(errc verdict, const std::string& what) {
  if (verdict != errc::ok)
    fail(what + " was not sent: " + std::string{to_string(verdict)});
}

void session::ask(const typed_line& line) {
  {
    const std::lock_guard lock{mutex_};
    ++open_answers_;
  }
  client_.send_ask(line.event, line.arguments,
                   [this, event = line.event](const result<payload_view, ask_error>& answer) {
                     if (answer)
                       say('=', with_arguments(event, *answer));
                     else
                       fail(event + ": " + printable(answer.error().text));
                     one_answered();
                   });
}

/// Waits for the answer, so that the next line can already use the room.
void session::join(const typed_line& line) {
  const auto answer = client_.join_future(line.room, line.arguments).get();
  if (!answer)
    fail("cannot join " + line.room + ": " + printable(answer.error().text));
}

void session::leave(const typed_line& line) {
  const auto answer = client_.leave_future(line.room).get();
  if (!answer)
    fail("cannot leave " + line.room + ": " + printable(answer.error().text));
}

void session::show_rooms() {
  for (const auto& name : client_.rooms())
    if (const auto room = client_.room(name))
      say('*', printable(name) + ", " + std::to_string(room->member_count)
                   + " members: " + show_members(room->members));
}

void session::one_answered() {
  {
    const std::lock_guard lock{mutex_};
    --open_answers_;
  }
  changed_.notify_all();
}

void session::say(char mark, std::string_view text) {
  const std::lock_guard lock{mutex_};
  out_ << mark << ' ' << text << '\n' << std::flush;
}

void session::fail(std::string_view text) {
  say('!', text);
  const std::lock_guard lock{mutex_};
  has_failed_ = has_failed_ || !is_finishing_;
}

} // namespace troupe::connect
