#include "actors/neffos_session.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"

#include "troupe/refused.hpp"

#include <string>
#include <utility>

// The requests of neffos_session: connecting, joining and what undoes it, wished by either side.

namespace troupe::actors {

using protocol::neffos_event;
namespace neffos_error = protocol::neffos_error;

namespace {

/// neffos.js in Node loses what it reads together with the answer to its connect request, so that
/// answer gets this much of a lead.
constexpr std::chrono::milliseconds lead_of_connect_reply{5};

} // namespace

void neffos_session::give_a_lead() {
  owner_.socket_.hold_back();
  owner_.after(lead_of_connect_reply, [this] { owner_.socket_.let_go(); });
}

// -- of the client ------------------------------------------------------------

void neffos_session::on_request(neffos_event kind, const view& what) {
  if (what.wait.empty() || what.is_noop || what.is_error)
    return;
  if (kind == neffos_event::namespace_connect)
    return on_connect(what);
  if (kind == neffos_event::namespace_disconnect)
    return on_disconnect(what);
  auto* in = owner_.find_scope(what.space);
  if (in == nullptr)
    return refuse(what, neffos_error::bad_namespace);
  if (kind == neffos_event::room_join)
    return on_join(what, *in);
  on_leave(what, *in);
}

void neffos_session::on_connect(const view& what) {
  auto found = owner_.endpoint_.spaces.find(what.space);
  if (found == owner_.endpoint_.spaces.end())
    return refuse(what, neffos_error::bad_namespace);
  if (owner_.find_scope(what.space) != nullptr)
    return confirm(what.wait);
  auto& in = owner_.add_scope(*found->second);
  auto outcome = owner_.try_to([&] {
    if (in.rules().connect)
      in.rules().connect(in);
  });
  if (outcome.code != errc::ok) {
    owner_.remove_scope(in);
    return refuse(what, outcome.text);
  }
  in.set_connected(true);
  confirm(what.wait);
  give_a_lead();
  if (in.rules().connected)
    owner_.guard(0, [&] { in.rules().connected(in); });
}

void neffos_session::on_disconnect(const view& what) {
  auto* in = owner_.find_scope(what.space);
  if (in == nullptr)
    return confirm(what.wait);
  auto outcome = owner_.try_to([&] {
    if (in->rules().disconnect)
      in->rules().disconnect(*in, {});
  });
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  owner_.leave_all(*in, {.is_forced = true});
  owner_.remove_scope(*in);
  confirm(what.wait);
}

void neffos_session::on_join(const view& what, scoped_connection& in) {
  if (owner_.find_membership(in.entry().index, what.room) != nullptr)
    return confirm(what.wait);
  auto limit = owner_.shared_.settings.rooms_per_connection;
  auto outcome = owner_.try_to([&] {
    if (!in.rules().clients_may_join)
      throw refused{"clients of this namespace join no rooms themselves"};
    if (owner_.memberships_.size() >= limit)
      throw refused{"a connection may be in " + std::to_string(limit) + " rooms"};
    if (what.room.size() > protocol::max_name_size)
      throw refused{std::string{neffos_error::bad_room}};
    if (in.rules().join)
      in.rules().join(in, what.room, {});
  });
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  // The room itself is asked; until it has answered nothing more is read.
  auto number = ++last_join_;
  joins_.emplace(number, open_request{std::string{what.wait}, std::string{what.space},
                                      std::string{what.room}, std::string{what.event}});
  auto kind = what.type == protocol::opcode::text ? content_kind::text : content_kind::raw;
  owner_.request_join(in, what.room, number,
                      {.bytes = {what.body.begin(), what.body.end()}, .kind = kind});
  is_waiting_ = true;
}

void neffos_session::on_joined(std::uint64_t ask_id) {
  auto found = joins_.find(ask_id);
  if (found == joins_.end())
    return;
  confirm(found->second.wait);
  joins_.erase(found);
}

bool neffos_session::on_refused(std::uint64_t ask_id, std::string_view text) {
  auto found = joins_.find(ask_id);
  if (found == joins_.end())
    return false;
  auto& asked = found->second;
  refuse({.wait = asked.wait, .space = asked.space, .room = asked.room, .event = asked.event}, text);
  joins_.erase(found);
  return true;
}

void neffos_session::on_leave(const view& what, scoped_connection& in) {
  auto* found = owner_.find_membership(in.entry().index, what.room);
  if (found == nullptr)
    return confirm(what.wait);
  auto room = found->first;
  auto outcome = owner_.try_to([&] {
    if (in.rules().leave)
      in.rules().leave(in, room->name, {});
  });
  if (outcome.code != errc::ok)
    return refuse(what, outcome.text);
  owner_.self_.home().hub().withdraw(owner_, room);
  owner_.call_room_hook(in.rules().left, in, room->name, {});
  confirm(what.wait);
}

// -- of the server ------------------------------------------------------------

void neffos_session::connect(space_entry& space, space_answer done) {
  if (!is_acknowledged_) {
    after_acknowledgement_.push_back(
      [this, &space, done = std::move(done)]() mutable { connect(space, std::move(done)); });
    return;
  }
  auto tell = [done = std::move(done)](result<connection*, ask_error> with) {
    if (done)
      done(std::move(with));
  };
  auto& in = owner_.add_scope(space);
  auto outcome = owner_.try_to([&] {
    if (in.rules().connect)
      in.rules().connect(in);
  });
  if (outcome.code != errc::ok) {
    owner_.remove_scope(in);
    return tell(ask_error{.code = outcome.code, .text = outcome.text});
  }
  request(neffos_event::namespace_connect, space.names.space, {},
          [this, &in, tell](result<payload_view, ask_error> answer) {
            if (!answer) {
              owner_.remove_scope(in);
              return tell(answer.error());
            }
            in.set_connected(true);
            if (in.rules().connected)
              owner_.guard(0, [&] { in.rules().connected(in); });
            tell(&in);
          });
}

void neffos_session::disconnect(scoped_connection& from) {
  request(neffos_event::namespace_disconnect, from.space(), {},
          [this, index = from.entry().index](const result<payload_view, ask_error>&) {
            auto* in = owner_.find_scope(index); // a client cannot refuse, nor be silent about it
            if (in == nullptr || owner_.is_closed_)
              return;
            owner_.end_scope(*in, {.by = {.is_local = true}});
            owner_.remove_scope(*in);
          });
}

void neffos_session::join(scoped_connection& in, std::string_view room) {
  auto index = in.entry().index;
  if (owner_.find_membership(index, room) != nullptr)
    return;
  request(neffos_event::room_join, in.space(), room,
          [this, index, name = std::string{room}](const result<payload_view, ask_error>& answer) {
            auto* there = owner_.find_scope(index);
            if (!answer || there == nullptr || owner_.is_closed_)
              return owner_.resolve_join(index, name, nullptr);
            auto outcome = owner_.try_to([&] {
              if (there->rules().join)
                there->rules().join(*there, name, {.is_local = true});
            });
            if (outcome.code != errc::ok)
              return owner_.resolve_join(index, name, nullptr);
            is_waiting_ = true; // until the room has answered: see `resolve_join`
            owner_.request_join(*there, name, 0, {});
          });
  if (owner_.find_pending_join(index, room) == nullptr)
    owner_.more().joins.push_back({.space = index, .room = std::string{room}});
}

void neffos_session::leave(scoped_connection& in, std::string_view room) {
  request(neffos_event::room_leave, in.space(), room,
          [this, index = in.entry().index,
           name = std::string{room}](const result<payload_view, ask_error>&) {
            auto* there = owner_.find_scope(index);
            auto* found = owner_.find_membership(index, name);
            if (there == nullptr || found == nullptr || owner_.is_closed_)
              return;
            auto left = found->first;
            cause why{.is_local = true};
            owner_.call_room_hook(there->rules().leave, *there, left->name, why);
            owner_.self_.home().hub().withdraw(owner_, left);
            owner_.call_room_hook(there->rules().left, *there, left->name, why);
          });
}

} // namespace troupe::actors
