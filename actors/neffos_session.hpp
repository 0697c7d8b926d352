#pragma once
#include "actors/connection_state.hpp"
#include "protocol/neffos.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// The server's side of one client's neffos protocol: acknowledgement, namespaces, rooms, requests
/// of either side. Everything that is not peculiar to neffos, its connection does.
///
/// A state change is complete before the client's next message is handled: while the room of a join
/// is asked, nothing is read; what the client says in a namespace that the server is connecting, or
/// in a room that the server puts it into, waits for its answer. Requests are matched by token,
/// never by order.
///
/// Threading:  as its connection. Lifetime: owned by it.
class neffos_session {
public:
  using space_answer = connection_state::space_answer;

  explicit neffos_session(connection_state& owner);

  /// @returns false to pause reading.
  bool on_message(protocol::opcode type, byte_view bytes);
  /// Handles what had to wait. @returns whether more may be read.
  bool go_on();
  bool is_acknowledged() const noexcept { return is_acknowledged_; }
  void on_closed();
  /// @returns whether it answers a ping of this session.
  bool on_pong(byte_view payload);

  /// A room has answered: the join that `ask_id` stands for is through.
  void on_joined(std::uint64_t ask_id);
  /// A room has answered: it is not.
  void on_refused(std::uint64_t ask_id, std::size_t space, std::string_view room,
                  std::string_view text);
  /// A join is through or has failed: what was said in its room is handled next.
  void on_join_ended();
  /// A room has let go of the client without being asked to.
  void on_removed(scoped_connection& from, std::string_view room);

  // -- requests of the server: the client is asked, and what it agreed to happens ----
  void connect(space_entry& space, space_answer done);
  void disconnect(scoped_connection& from);
  /// Before the client is in the space the request waits until it is.
  void join(scoped_connection& in, std::string_view room);
  void leave(scoped_connection& in, std::string_view room);

  /// Sends an ask whose answer the connection awaits under `number`.
  verdict ask(scoped_connection& in, std::string_view event, payload_view content,
              std::uint64_t number);

private:
  using view = protocol::neffos_view;

  /// A client's request that is answered later.
  struct open_request {
    std::string wait;
    std::string space;
    std::string room;
    std::string event;
    bool is_noop = false;
  };
  struct early_message {
    protocol::opcode type;
    std::vector<std::byte> bytes;
  };
  /// A namespace that the server is connecting.
  struct pending_connect {
    space_entry& space;
    std::vector<space_answer> done{};
    std::deque<early_message> held{}; ///< what the client has said in it meanwhile
  };

  // the acknowledgement
  void on_early(protocol::opcode type, byte_view bytes);
  void acknowledge();
  void on_acknowledged(protocol::opcode type, byte_view bytes);
  void hold(std::deque<early_message>& in, protocol::opcode type, byte_view bytes);
  /// What was held back comes before everything that has not been handled yet.
  void handle_next(std::deque<early_message> held);
  bool is_being_joined(const view& what) const noexcept;
  bool is_waiting() const noexcept { return rooms_asked_ != 0 || is_crowded_; }

  // by kind of message
  bool must_defer(const view& what) const;
  void defer(protocol::opcode type, byte_view bytes);
  void dispatch(const view& what);
  bool on_answer(const view& what);
  void on_request(protocol::neffos_event kind, const view& what);
  void on_connect(const view& what);
  void on_disconnect(const view& what);
  void on_join(const view& what, scoped_connection& in);
  void on_leave(const view& what, scoped_connection& in);
  void on_event(const view& what, scoped_connection& in);
  void on_native(const view& what);
  void answer_event(const view& what, const handler_outcome& outcome, std::size_t space);

  // requests of the server
  pending_connect* find_connect(std::string_view space) noexcept;
  void begin_connect(pending_connect& what);
  void end_connect(std::size_t space, const result<connection*, ask_error>& with);
  void enter(scoped_connection& in, cause why);
  void forget_joins(std::size_t space);
  void request_join(std::size_t space, std::string_view room);
  void on_join_agreed(std::size_t space, const std::string& room);

  // saying it
  void say(protocol::frame_ptr frame);
  void confirm(std::string_view wait);
  void give_a_lead();
  void end_lead();
  void refuse(const view& what, std::string_view text);
  void request(protocol::neffos_event kind, std::string_view space, std::string_view room,
               ask_answer done);

  connection_state& owner_;
  const neffos_reading reading_;
  std::string unescaped_;
  std::deque<early_message> early_;         ///< in order of arrival, not handled yet
  std::deque<early_message> said_in_rooms_; ///< that the server is putting the client into
  std::size_t held_bytes_ = 0;              ///< of all messages that have not been handled yet
  std::vector<std::unique_ptr<pending_connect>> connects_;
  std::unordered_map<std::uint64_t, open_request> joins_; ///< of the client, by ask id
  std::uint64_t last_join_ = 0;
  std::size_t rooms_asked_ = 0; ///< that have not answered yet
  timer_id deadline_ = 0;       ///< of the acknowledgement
  timer_id lead_ = 0;           ///< of a connect reply
  bool is_acknowledged_ = false;
  bool is_crowded_ = false;   ///< a room has more to do than it can
  bool is_deferring_ = false; ///< until a connect reply has been read, what arrives is only kept
};

} // namespace troupe::actors
