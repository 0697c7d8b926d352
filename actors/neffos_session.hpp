#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/connection_state.hpp"
#include "protocol/neffos.hpp"

namespace troupe::actors {

/// The server's side of one client's neffos protocol: acknowledgement, namespaces, rooms, requests
/// of either side. Everything that is not peculiar to neffos, its connection does.
///
/// A state change is complete before the client's next message is handled: while the room of a join
/// is asked, nothing is read. Requests are matched by token, never by order.
///
/// Threading:  as its connection. Lifetime: owned by it.
class neffos_session {
public:
  using space_answer = connection_state::space_answer;

  explicit neffos_session(connection_state& owner);

  /// @returns false to pause reading.
  bool on_message(protocol::opcode type, byte_view bytes);

  /// The join that `ask_id` stands for is through.
  void on_joined(std::uint64_t ask_id);
  /// It is not; @returns whether the client asked for it, and has been told.
  bool on_refused(std::uint64_t ask_id, std::string_view text);

  // -- requests of the server: the client is asked, and what it agreed to happens ----
  void connect(space_entry& space, space_answer done);
  void disconnect(scoped_connection& from);
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

  // the acknowledgement
  void on_early(protocol::opcode type, byte_view bytes);
  void acknowledge();
  void on_acknowledged(protocol::opcode type, byte_view bytes);

  // by kind of message
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

  // saying it
  void say(protocol::frame_ptr frame);
  void confirm(std::string_view wait);
  void give_a_lead();
  void refuse(const view& what, std::string_view text);
  void request(protocol::neffos_event kind, std::string_view space, std::string_view room,
               ask_answer done);

  connection_state& owner_;
  const neffos_reading reading_;
  std::string unescaped_;
  std::vector<early_message> early_;
  std::size_t early_bytes_ = 0;
  std::vector<std::function<void()>> after_acknowledgement_;
  std::unordered_map<std::uint64_t, open_request> joins_; ///< of the client, by ask id
  std::uint64_t last_join_ = 0;
  bool is_acknowledged_ = false;
  bool is_waiting_ = false; ///< nothing more may be read for now
};

} // namespace troupe::actors
