#include "actors/neffos_session.hpp"

#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"

#include "troupe/refused.hpp"

#include <algorithm>
#include <string>
#include <utility>

// The requests of neffos_session: connecting, joining and what undoes it, wished by either side.

namespace troupe::actors {

using protocol::neffos_event;
namespace neffos_error = protocol::neffos_error;

namespace {

/// How long clients that answer no pings may take to read a connect reply.
constexpr std::chrono::seconds longest_lead{1};

} // namespace

// neffos.js in Node loses what it reads together with the reply to its connect request. So that
// reply gets a lead: what follows waits until a pong shows that it has been read, and so does the
// next connect reply, which needs a lead of its own.

void neffos_session::give_a_lead() {
  owner_.socket_.hold_back();
  owner_.cancel(lead_);
  lead_ = owner_.after(longest_lead, [this] { end_lead(); });
}

bool neffos_session::on_pong(byte_view payload) {
  if (as_text(payload) != net::ws_connection::held_ping)
    return false;
  end_lead();
  return true;
}

void neffos_session::end_lead() {
  owner_.cancel(lead_);
  owner_.socket_.let_go();
  if (std::exchange(is_deferring_, false))
    owner_.read_on();
}

bool neffos_session::must_defer(const view& what) const {
  return owner_.socket_.is_holding()
         && protocol::to_neffos_event(what.event) == neffos_event::namespace_connect;
}

void neffos_session::defer(protocol::opcode type, byte_view bytes) {
  held_bytes_ += bytes.size();
  early_.push_front({type, {bytes.begin(), bytes.end()}});
  is_deferring_ = true;
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
  auto outcome = owner_.call_connect_hook(in, {});
  if (outcome.code != errc::ok) {
    forget_joins(in.entry().index);
    owner_.remove_scope(in);
    return refuse(what, outcome.text);
  }
  in.set_connected(true);
  confirm(what.wait);
  give_a_lead();
  enter(in, {});
}

void neffos_session::enter(scoped_connection& in, cause why) {
  std::vector<std::string> wished;
  for (auto& each : owner_.more().joins)
    if (each.space == in.entry().index && std::exchange(each.is_early, false))
      wished.push_back(each.room);
  for (auto& room : wished)
    request_join(in.entry().index, room);
  owner_.call_connected_hook(in, why);
}

void neffos_session::forget_joins(std::size_t space) {
  if (owner_.extras_)
    std::erase_if(owner_.extras_->joins,
                  [&](auto& each) { return each.space == space && each.is_early; });
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
                                      std::string{what.room}, std::string{what.event},
                                      what.is_noop});
  auto kind = what.type == protocol::opcode::text ? content_kind::text : content_kind::raw;
  ++rooms_asked_;
  owner_.request_join(in, what.room, number,
                      {.bytes = {what.body.begin(), what.body.end()}, .kind = kind});
}

void neffos_session::on_joined(std::uint64_t ask_id) {
  --rooms_asked_;
  if (auto found = joins_.extract(ask_id))
    confirm(found.mapped().wait);
}

void neffos_session::on_refused(std::uint64_t ask_id, std::size_t space, std::string_view room,
                                std::string_view text) {
  --rooms_asked_;
  auto found = joins_.extract(ask_id);
  if (!found) { // the server wished it, and the client believes that it is in
    if (auto* in = owner_.find_scope(space))
      on_removed(*in, room);
    return;
  }
  auto& asked = found.mapped();
  refuse({.wait = asked.wait,
          .space = asked.space,
          .room = asked.room,
          .event = asked.event,
          .is_noop = asked.is_noop},
         text);
}

void neffos_session::on_removed(scoped_connection& from, std::string_view room) {
  request(neffos_event::room_leave, from.space(), room, [](const auto&) {});
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

neffos_session::pending_connect* neffos_session::find_connect(std::string_view space) noexcept {
  for (auto& each : connects_)
    if (each->space.names.space == space)
      return each.get();
  return nullptr;
}

void neffos_session::connect(space_entry& space, space_answer done) {
  if (auto* known = find_connect(space.names.space))
    return known->done.push_back(std::move(done));
  auto& made = *connects_.emplace_back(std::make_unique<pending_connect>(pending_connect{space}));
  made.done.push_back(std::move(done));
  if (is_acknowledged_)
    begin_connect(made);
}

void neffos_session::begin_connect(pending_connect& what) {
  auto& space = what.space;
  auto& in = owner_.add_scope(space);
  auto end = [this, &in](const ask_error& why) {
    forget_joins(in.entry().index);
    owner_.remove_scope(in);
    end_connect(in.entry().index, why);
  };
  auto outcome = owner_.call_connect_hook(in, {.is_local = true});
  if (outcome.code != errc::ok)
    return end({.code = outcome.code, .text = outcome.text});
  request(neffos_event::namespace_connect, space.names.space, {},
          [this, &in, end](const result<payload_view, ask_error>& answer) {
            if (!answer)
              return end(answer.error());
            in.set_connected(true);
            enter(in, {.is_local = true});
            end_connect(in.entry().index, &in);
          });
}

void neffos_session::end_connect(std::size_t space, const result<connection*, ask_error>& with) {
  auto found = std::find_if(connects_.begin(), connects_.end(),
                            [&](auto& each) { return each->space.index == space; });
  if (found == connects_.end())
    return;
  auto ended = std::move(*found);
  connects_.erase(found);
  handle_next(std::move(ended->held));
  for (auto& done : ended->done)
    if (done)
      owner_.guard(0, [&] { done(with); });
  owner_.read_on();
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
  if (auto* pending = owner_.find_pending_join(index, room)) {
    pending->leaves_again = false;
    return;
  }
  auto is_early = !in.is_connected();
  owner_.more().joins.push_back(
    {.space = index, .room = std::string{room}, .is_early = is_early});
  if (!is_early)
    request_join(index, room);
}

void neffos_session::request_join(std::size_t space, std::string_view room) {
  request(neffos_event::room_join, owner_.shared_.spaces[space].names.space, room,
          [this, space, name = std::string{room}](const result<payload_view, ask_error>& answer) {
            if (!answer || owner_.is_closed_)
              owner_.resolve_join(space, name, nullptr);
            else
              on_join_agreed(space, name);
          });
}

void neffos_session::on_join_agreed(std::size_t space, const std::string& room) {
  auto* in = owner_.find_scope(space);
  if (in == nullptr || owner_.find_membership(space, room) != nullptr)
    return owner_.resolve_join(space, room, nullptr);
  auto outcome = owner_.try_to([&] {
    if (in->rules().join)
      in->rules().join(*in, room, {.is_local = true});
  });
  if (outcome.code != errc::ok) {
    on_removed(*in, room);
    return owner_.resolve_join(space, room, nullptr);
  }
  ++rooms_asked_;
  owner_.request_join(*in, room, 0, {});
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
