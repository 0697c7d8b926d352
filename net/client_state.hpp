#pragma once
#include "troupe/client_types.hpp"

#include "net/clock_estimate.hpp"
#include "net/pending_asks.hpp"
#include "net/unconfirmed.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/resume.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace troupe::net {

/// What a hello says about the session.
struct hello_session {
  protocol::session_outcome outcome = protocol::session_outcome::none;
  std::string token{};
  std::uint64_t received = 0;   ///< counted messages of this client that the server has
  std::uint64_t grace_ms = 0;   ///< how long the server waits for this client
  std::uint64_t ring_bytes = 0; ///< what it keeps for this client
};

/// What a `troupe::client` knows about its server: numbers of events and rooms, members, open
/// questions, the clock, and the messages that wait to be sent.
///
/// It does no I/O and has no clock of its own; `client_runner` moves its bytes. Messages are
/// encoded when they are queued, under the same lock that protects the numbers, so that a number
/// of one connection never travels on the next.
///
/// Threading:  every function may be called from any thread; callbacks are never called here but
///             handed back to the caller.
/// Errors:     nothing throws; sending returns `ok`, `closed` (not connected), `slow_consumer` (the
///             queue is full), `not_a_member` or `bad_name`.
class client_state {
public:
  using waiter = std::function<void(reply)>;
  using rejoin_waiter = std::function<void(std::string_view room, const reply&)>;
  using time_point = std::chrono::steady_clock::time_point;

  explicit client_state(const client_options& options);

  // -- sending, by the application ----
  errc emit(std::string_view event, payload_view content, const delivery& how);
  errc publish(std::string_view room, std::string_view event, payload_view content,
               const delivery& how);
  /// On success `done` is kept until the answer, `take_expired` or `lost`.
  errc ask(std::string_view event, payload_view content, waiter& done, time_point deadline);
  errc join(std::string_view room, byte_view arguments, waiter& done, time_point deadline);
  errc leave(std::string_view room, waiter& done, time_point deadline);
  /// With what the room is joined again after a reconnect, if it has been joined.
  void rejoin_with(std::string_view room, byte_view arguments);

  // -- looking, by the application ----
  bool is_open() const;
  server_info info() const;
  std::optional<room_info> room(std::string_view name) const;
  std::vector<std::string> rooms() const;
  clock_estimate clock() const;

  // -- the connection, by its thread ----
  /// The hello arrived; rooms of the last connection are joined again if the options say so, and
  /// `told` hears of each.
  void opened(server_info info, const hello_session& session, time_point deadline,
              const rejoin_waiter& told);
  bool rejoins() const noexcept { return rejoin_; }
  /// The connection is gone. @returns those who wait for answers.
  std::vector<waiter> lost();
  /// Messages to send now, oldest first. What has been taken is not replaced any more.
  std::vector<std::string> take_outgoing();
  /// So many bytes of them have left.
  void sent(std::size_t bytes);

  // -- the session, by the connection's thread ----
  /// What to offer beside the protocol: to go on with the session, or to begin one.
  std::string resume_offer();
  /// The connection is gone, but not the session. @returns false if there is none.
  bool suspend();
  bool is_suspended() const;
  /// The session goes on. @returns what to send first; nothing if the server must be wrong.
  std::optional<std::vector<std::string>> resumed(server_info info, const hello_session& session);
  /// A message has come. @returns what the server should be told about that, if anything.
  std::optional<std::string> count_received(byte_view message);
  /// The server has the first `received` counted messages of this client.
  void confirmed(std::uint64_t received);
  /// Tells the server how many counted messages have come.
  std::string news();
  /// The same, if it does not know.
  std::optional<std::string> late_news();
  /// So many bytes were sent past the queue.
  void charge(std::size_t bytes);

  void answer(std::uint64_t ask_id, const reply& answer);
  void fail(std::uint64_t ask_id, errc code, std::string_view text);
  void ask_clock(std::chrono::microseconds now);

  // -- what arrived, by the connection's thread ----
  /// Who asked question `ask_id`, which now has an answer.
  std::optional<waiter> take_waiter(std::uint64_t ask_id, errc outcome);
  std::vector<waiter> take_expired(time_point now);
  std::optional<time_point> next_deadline() const;
  /// The name of a registered event, or the text itself; empty = a number that is not known.
  std::string event_name(const protocol::event_name& name) const;
  /// The room's name; empty = not a member.
  std::string room_name(std::uint64_t number) const;
  std::optional<room_change> joined(const protocol::message& from);
  std::optional<room_change> left(const protocol::message& from);
  std::optional<room_change> presence(const protocol::message& from);
  std::optional<room_change> restarted(const protocol::message& from);
  void clock(const protocol::message& from, std::chrono::microseconds now);

private:
  protocol::event_name to_wire(std::string_view event) const;
  const room_info* find_room(std::string_view name) const;
  errc admit(std::size_t bytes) const;
  bool has_session() const noexcept { return !session_.token.empty(); }
  void begin_session(const hello_session& session);
  std::string make_news();
  errc queue(protocol::envelope front, payload_view content, const delivery& how = {});
  errc queue_latest(std::string slot, byte_view front, byte_view payload);
  errc queue(byte_view front, byte_view payload);
  errc queue_join(std::string_view room, byte_view arguments, waiter done, time_point deadline);

  const std::size_t outgoing_limit_; ///< bytes
  const bool rejoin_;

  mutable std::mutex mutex_; ///< protects everything below
  bool is_open_ = false;
  bool is_suspended_ = false;     ///< not open, but the session may go on
  bool has_lost_session_ = false; ///< the application is to be told
  hello_session session_;
  unconfirmed unconfirmed_;    ///< of the session
  std::uint64_t received_ = 0; ///< counted messages in this session
  std::uint64_t attempts_ = 0; ///< to resume it
  std::uint64_t told_ = 0;     ///< of them, those that the server knows about
  std::size_t untold_bytes_ = 0;
  server_info info_;
  std::unordered_map<std::string, std::uint64_t> event_numbers_;
  std::unordered_map<std::uint64_t, room_info> rooms_;
  std::map<std::string, std::vector<std::byte>, std::less<>> wanted_; ///< rooms and join arguments
  std::map<std::uint64_t, std::string> joining_;                      ///< rooms by ask id
  pending_asks<waiter> asks_;
  std::vector<std::string> outgoing_;
  /// Where in it the newest `latest` message is, by what stands in front of its payload: room,
  /// event and key.
  std::unordered_map<std::string, std::size_t> latest_;
  std::size_t outgoing_bytes_ = 0; ///< queued here or handed to the socket
  clock_estimate clock_;
};

/// Reads the payload of a hello; what does not have the form stays empty.
server_info read_hello(const protocol::message& from);
hello_session read_session(const protocol::message& from);

/// Reads a list of [id, identity-or-nil]; what does not have the form is left out.
std::vector<room_member> read_members(byte_view payload);

} // namespace troupe::net
