#include "actors/connection_extras.hpp"
#include "actors/hub_actor.hpp"
#include "actors/neffos_session.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

// The spaces and rooms of connection_state: who is in, who comes, who goes.

namespace troupe::actors {

// -- spaces -------------------------------------------------------------------

scoped_connection* connection_state::find_scope(std::size_t space) noexcept {
  if (own_.entry().index == space)
    return own_.is_connected() ? &own_ : nullptr;
  if (!extras_)
    return nullptr;
  for (auto& scope : extras_->scopes)
    if (scope->entry().index == space)
      return scope->is_connected() ? scope.get() : nullptr;
  return nullptr;
}

scoped_connection* connection_state::find_scope(std::string_view space) noexcept {
  auto found = endpoint_.spaces.find(space);
  return found == endpoint_.spaces.end() ? nullptr : find_scope(found->second->index);
}

std::vector<std::string_view> connection_state::space_names() const {
  std::vector<std::string_view> names;
  if (own_.is_connected())
    names.push_back(own_.space());
  if (extras_)
    for (auto& scope : extras_->scopes)
      if (scope->is_connected())
        names.push_back(scope->space());
  return names;
}

scoped_connection& connection_state::add_scope(space_entry& in) {
  if (&in == &own_.entry())
    return own_;
  auto& all = more().scopes;
  return *all.emplace_back(std::make_unique<scoped_connection>(*this, in));
}

void connection_state::remove_scope(scoped_connection& gone) {
  gone.set_connected(false);
  if (&gone == &own_)
    return put_aside(own_.take_space_values());
  if (!extras_)
    return;
  auto& all = extras_->scopes;
  auto found = std::find_if(all.begin(), all.end(), [&](auto& each) { return each.get() == &gone; });
  if (found == all.end())
    return;
  put_aside(std::move(*found));
  all.erase(found);
}

void connection_state::put_aside(std::shared_ptr<void> gone) {
  if (!gone)
    return;
  if (more().ended.empty())
    extras_->timers.after(std::chrono::milliseconds{0},
                          [this] { std::exchange(extras_->ended, {}).clear(); });
  extras_->ended.push_back(std::move(gone));
}

void connection_state::end_scope(scoped_connection& in, const close_info& why) {
  if (!in.is_connected())
    return;
  leave_all(in, {.is_local = why.by.is_local, .is_forced = true});
  if (in.rules().disconnect)
    guard(0, [&] { in.rules().disconnect(in, why); });
  in.set_connected(false);
}

void connection_state::leave_all(scoped_connection& in, cause why) {
  std::vector<room_ptr> left;
  for (auto& [room, index] : memberships_)
    if (room->space == in.entry().index)
      left.push_back(room);
  for (auto& room : left) {
    call_room_hook(in.rules().leave, in, room->name, why);
    self_.home().hub().withdraw(*this, room);
    call_room_hook(in.rules().left, in, room->name, why);
  }
}

void connection_state::connect_space(std::string_view space, space_answer done) {
  auto answer = [&](result<connection*, ask_error> with) {
    if (done)
      done(std::move(with));
  };
  auto found = endpoint_.spaces.find(space);
  if (found == endpoint_.spaces.end())
    return answer(ask_error{.code = errc::refused,
                            .text = "there is no space \"" + std::string{space} + "\""});
  if (auto* in = find_scope(found->second->index))
    return answer(in);
  if (!neffos_)
    return answer(ask_error{.code = errc::refused, .text = "the client knows no namespaces"});
  if (!is_open())
    return answer(ask_error{.code = errc::closed, .text = std::string{to_string(errc::closed)}});
  neffos_->connect(*found->second, std::move(done));
}

void connection_state::disconnect_space(scoped_connection& from) {
  if (neffos_)
    neffos_->disconnect(from);
  else
    socket_.close(errc::ok);
}

// -- joining ------------------------------------------------------------------

void connection_state::call_room_hook(const room_hook& hook, scoped_connection& in,
                                      std::string_view room, cause why) {
  if (hook)
    guard(0, [&] { hook(in, room, why); });
}

void connection_state::join(scoped_connection& in, std::string_view room) {
  auto is_name = encoding_.speaks == protocol::wire::native ? protocol::is_valid_name(room)
                                                            : protocol::is_text_name(room);
  if (!is_name)
    throw std::invalid_argument{"\"" + std::string{room} + "\" is no room name"};
  if (neffos_)
    return neffos_->join(in, room);
  auto outcome = try_to([&] {
    if (in.rules().join && find_membership(in.entry().index, room) == nullptr)
      in.rules().join(in, room, {.is_local = true});
  });
  if (outcome.code == errc::ok)
    request_join(in, room, 0, {});
}

pending_join* connection_state::find_pending_join(std::size_t space,
                                                  std::string_view room) noexcept {
  if (!extras_)
    return nullptr;
  auto& joins = extras_->joins;
  auto found = std::find_if(joins.begin(), joins.end(), [&](auto& each) {
    return each.space == space && each.room == room;
  });
  return found == joins.end() ? nullptr : &*found;
}

void connection_state::request_join(scoped_connection& in, std::string_view room,
                                    std::uint64_t ask_id, payload arguments) {
  auto space = in.entry().index;
  if (auto* pending = find_pending_join(space, room))
    pending->leaves_again = pending->leaves_again && neffos_ && ask_id == 0; // agreed to long ago
  else if (find_membership(space, room) == nullptr)
    more().joins.push_back({.space = space, .room = std::string{room}});
  auto join = std::make_shared<join_room>();
  join->who = {.id = id_, .how = encoding_, .identity = identity_};
  join->space = space;
  join->room = room;
  join->ask_id = ask_id;
  join->arguments = std::move(arguments);
  caf::anon_send(shared_.directory, std::move(join));
}

void connection_state::on_joined(const room_ptr& room, std::uint64_t ask_id, bool is_new) {
  auto* in = find_scope(room->space);
  if (in == nullptr) { // it has left the space since it asked
    self_.home().hub().withdraw(*this, room);
    if (neffos_)
      neffos_->on_refused(ask_id, room->space, room->name, protocol::neffos_error::bad_namespace);
    return resolve_join(room->space, room->name, nullptr);
  }
  if (is_new)
    call_room_hook(in->rules().joined, *in, room->name, {.is_local = ask_id == 0});
  if (neffos_)
    neffos_->on_joined(ask_id);
  resolve_join(room->space, room->name, &room);
}

void connection_state::on_error(const report_error& error) {
  if (neffos_)
    neffos_->on_refused(error.ask_id, error.space, error.room, error.text);
  else
    report(error.ask_id, error.code, error.text);
  resolve_join(error.space, error.room, nullptr);
}

void connection_state::resolve_join(std::size_t space, std::string_view room,
                                    const room_ptr* joined) {
  auto* found = find_pending_join(space, room);
  if (found == nullptr)
    return neffos_ ? read_on() : void();
  auto pending = std::move(*found);
  extras_->joins.erase(extras_->joins.begin() + (found - extras_->joins.data()));
  if (neffos_)
    neffos_->on_join_ended();
  for (auto& held : pending.held) {
    if (joined != nullptr)
      caf::anon_send((*joined)->actor, std::move(held));
    else
      caf::anon_send(shared_.directory,
                     find_and_emit{.space = space,
                                   .room = pending.room,
                                   .event = std::move(held.event),
                                   .except = held.except,
                                   .only = held.only,
                                   .except_client = std::move(held.except_client)});
  }
  auto go_on = !pending.messages.empty() || neffos_;
  for (auto& held : pending.messages)
    go_on = joined == nullptr || (forward(*joined, std::move(held)) && go_on);
  if (auto* in = joined != nullptr && pending.leaves_again ? find_scope(space) : nullptr)
    leave(*in, room);
  if (go_on)
    read_on();
}

// -- leaving ------------------------------------------------------------------

void connection_state::leave(scoped_connection& in, std::string_view room) {
  auto space = in.entry().index;
  if (auto* pending = find_pending_join(space, room)) {
    pending->leaves_again = true;
    return;
  }
  auto* found = find_membership(space, room);
  if (found == nullptr)
    return;
  if (neffos_)
    return neffos_->leave(in, room);
  auto left = found->first;
  call_room_hook(in.rules().leave, in, left->name, {.is_local = true});
  caf::anon_send(left->actor, leave_room{id_});
}

void connection_state::on_removing(const room_ptr& room) {
  if (auto* in = find_scope(room->space))
    call_room_hook(in->rules().leave, *in, room->name, {.is_local = true, .is_forced = true});
}

void connection_state::on_left(const room_ptr& room, cause why) {
  auto* in = find_scope(room->space);
  if (in == nullptr)
    return;
  call_room_hook(in->rules().left, *in, room->name, why);
  if (neffos_ && why.is_forced)
    neffos_->on_removed(*in, room->name);
}

} // namespace troupe::actors
