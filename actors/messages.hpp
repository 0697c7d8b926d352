#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "troupe/ask.hpp"
#include "troupe/delivery.hpp"
#include "troupe/errc.hpp"
#include "troupe/ids.hpp"
#include "troupe/payload.hpp"
#include "troupe/result.hpp"

#include "actors/credit.hpp"
#include "protocol/encoding.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

namespace troupe {
class connection;
class room;
class room_rules;
} // namespace troupe

namespace troupe::actors {

/// An event's name inside the server: the number if the endpoint registered it, else the text.
struct event_ref {
  std::uint64_t number = 0;
  std::string text{}; ///< empty: `number` counts

  protocol::event_name on_wire() const noexcept { return {.number = number, .text = text}; }
};

/// An event with its content, on its way to clients.
struct outgoing_event {
  connection_id sender = 0; ///< 0 = the server
  event_ref name{};
  payload content{};
  delivery how{};
};

/// What every part of the server needs to know about a living room.
///
/// Threading: immutable, except the gate, which any thread may use.
struct room_handle {
  caf::actor actor{};
  room_number number = 0;
  std::size_t space = 0; ///< index of its space
  std::string name{};
  const room_rules* rules = nullptr;
  std::chrono::milliseconds flush_period{0}; ///< members are flushed this often; 0 = every turn
  flow_gate gate{4'096};                     ///< events on their way to the room
};
using room_ptr = std::shared_ptr<room_handle>;

/// A connection as rooms know it.
struct member_info {
  connection_id id = 0;
  protocol::encoding how{};
  std::shared_ptr<const std::string> identity{}; ///< null: none
};

// -- to the directory, which passes joins on to the room ----

struct join_room {
  member_info who{};
  std::size_t space = 0; ///< index
  std::string room{};
  std::uint64_t ask_id = 0; ///< 0: the server moves the connection
  payload arguments{};
};

/// An event of the server for a room that the sender has not joined.
struct find_and_emit {
  std::size_t space = 0; ///< index
  std::string room{};
  std::shared_ptr<outgoing_event> event{};
  connection_id except = 0;
  connection_id only = 0;
  std::string except_client{};
};

/// Calls a function of the application in a room; one that is not there is made.
struct visit_room {
  std::size_t space = 0; ///< index
  std::string room{};
  std::function<void(troupe::room&)> run{};
};

/// The room has no members since its `joins`-th join.
struct room_emptied {
  room_number number = 0;
  std::uint64_t joins = 0;
};

/// The room is over by its own wish; who joins from now on makes another one.
struct room_closed {
  room_number number = 0;
};

// -- to a room ----

/// A join that the directory passes on; `joins` counts them.
struct admit_member {
  std::shared_ptr<join_room> join{};
  std::uint64_t joins = 0;
};

/// Why a member goes.
enum class departure : std::uint8_t {
  asked,
  closed, ///< its connection has ended
  lost,   ///< its session has ended, and not in order
};

struct leave_room {
  connection_id id = 0;
  std::uint64_t ask_id = 0;
  departure how = departure::asked;
};

/// A visit that the directory passes on.
struct run_here {
  std::function<void(room&)> run{};
};

/// Behind everything that the directory has passed on to a room that is over.
struct end_room {};

/// Sends an event to the members; no handler sees it.
struct broadcast {
  std::shared_ptr<outgoing_event> event{};
  connection_id except = 0;
  connection_id only = 0;      ///< nonzero: to this member alone
  std::string except_client{}; ///< not empty: to nobody with this client id
};

/// A client's event on its way to a room, where a handler takes it or it is relayed. It counts at
/// the gates of its connection and its room for as long as it exists, wherever it is lost.
struct room_input {
  room_input(outgoing_event the_event, std::shared_ptr<flow_gate> from, room_ptr to) noexcept
    : event{std::move(the_event)}, connection_gate{std::move(from)}, room{std::move(to)} {
    connection_gate->enter();
    room->gate.enter();
  }
  room_input(const room_input&) = delete;
  room_input& operator=(const room_input&) = delete;
  ~room_input() {
    connection_gate->leave();
    room->gate.leave();
  }

  const outgoing_event event;
  const std::shared_ptr<flow_gate> connection_gate;
  const room_ptr room;
};
using room_input_ptr = std::shared_ptr<const room_input>;

// -- to a hub ----

/// What a room has to tell its members on one or more shards, in order.
struct room_batch {
  enum class kind : std::uint8_t {
    broadcast, ///< `frames` to all but `id`
    direct,    ///< `frames[0]` to `id`
    join,      ///< `id` becomes a member and gets `frames[0]`
    leave,     ///< `id` gets `frames[0]` and is a member no more
  };
  struct item {
    kind what = kind::broadcast;
    connection_id id = 0;
    std::uint64_t ask_id = 0; ///< join, leave: what asked for it
    protocol::frame_set frames{};
    delivery how{};
    std::size_t shard = 0;       ///< direct, join, leave: where `id` lives
    bool is_forced = false;      ///< leave: the room wished it
    std::string except_client{}; ///< broadcast: not to those with this client id
  };
  /// The ordered broadcasts [begin, end) side by side in one frame per encoding.
  struct run {
    std::size_t begin = 0;
    std::size_t end = 0;
    protocol::frame_set frames;
    std::vector<connection_id> excepted; ///< sorted: they get the items one by one
  };

  room_ptr room{};
  std::vector<item> items{};
  std::vector<run> runs{}; ///< in order, not overlapping
};
using room_batch_ptr = std::shared_ptr<const room_batch>;

/// Connections of a shard that are in a space.
struct recipients {
  std::size_t space = 0;      ///< index
  connection_id only = 0;     ///< nonzero: this one
  connection_id except = 0;   ///< else all but this one
  std::string client{};       ///< not empty: only those with this client id
  std::string except_client{}; ///< not empty: none with this client id
  std::string room{};         ///< not empty: only members of this room
  bool may_be_outside = false; ///< also those of the space's endpoint that are in no space yet
};

/// An event for connections of the shard.
struct emit_here {
  std::shared_ptr<const outgoing_event> event{};
  recipients to{};
};

/// A question that may reach several connections; whoever answers first is heard.
///
/// Everybody who was asked holds it until there is no answer to be expected any more: when the last
/// lets go, nobody has answered.
///
/// Threading:  any; `done` runs on the thread of the first answer, or of the last to let go.
class shared_question {
public:
  shared_question(std::string the_event, payload the_content, std::chrono::milliseconds the_timeout,
                  ask_answer done)
    : event{std::move(the_event)},
      content{std::move(the_content)},
      timeout{the_timeout},
      done_{std::move(done)} {}
  shared_question(const shared_question&) = delete;
  shared_question& operator=(const shared_question&) = delete;
  ~shared_question() {
    answer(ask_error{.code = errc::timed_out, .text = "nobody answered"});
  }

  /// Only the first call has an effect.
  void answer(result<payload_view, ask_error> with) noexcept;

  const std::string event;
  const payload content;
  const std::chrono::milliseconds timeout;

private:
  const ask_answer done_;
  std::atomic<bool> is_answered_{false};
};

/// A question for connections of the shard.
struct ask_here {
  std::shared_ptr<shared_question> question{};
  recipients to{};
};

/// Calls a function of the application for connections of the shard.
struct visit_here {
  std::function<void(connection&)> run{};
  recipients to{};
};

/// An ask of a client failed or a join was refused before any room could answer.
struct report_error {
  connection_id id = 0;
  std::uint64_t ask_id = 0;
  errc code = errc::ok;
  std::size_t space = 0; ///< a join: where
  std::string room{};    ///< a join: which one
  std::string text{};
};

/// The connection may read on.
struct read_on {};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::find_and_emit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::visit_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::room_emptied)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::room_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::run_here)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::end_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::admit_member)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::leave_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::broadcast)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::room_input_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::emit_here)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::ask_here)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::visit_here)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::report_error)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::read_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::shared_ptr<troupe::actors::join_room>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::room_batch_ptr)
