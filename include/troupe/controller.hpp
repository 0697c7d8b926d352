#pragma once
#include "troupe/controller_recipe.hpp"
#include "troupe/endpoint.hpp"
#include "troupe/injected.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace troupe {

// A controller is a class whose members handle the events of a space.
//
//     class chat {
//     public:
//       static constexpr std::string_view space = "chat";
//       static constexpr auto events() {
//         return troupe::event_list{troupe::event<&chat::say>(),
//                                   troupe::event<&chat::count>("how-many")};
//       }
//       explicit chat(logbook& out) : out_{out} {}
//
//       void on_connected(troupe::connection& c) { out_.write("hello", c.id()); }
//       void say(troupe::connection& c, std::string_view text) {
//         ++said_;
//         c.to_all().emit("say", text);
//       }
//       int count() const { return said_; }
//
//     private:
//       logbook& out_;
//       int said_ = 0;
//     };
//
//     troupe::mount<chat>(server.endpoint("/chat", troupe::speaks::neffos), std::ref(out));
//
// Events are public member functions, with the parameters and results of `space::on`. An event
// without a name in the list is called as its function. Hooks are the public member functions that
// are called as those of `space`: on_connect, on_connected, on_disconnect, on_join, on_joined,
// on_leave, on_left, on_error; their last parameters may be left out. `on_any` handles what has no
// handler.
//
// Which space it is for, it says by a member `space`, a text or a function that returns one, unless
// `in` says something else. One that says nothing handles the endpoint's own space.
//
// Several controllers in one space: for an event or hook that more than one has, each is called, in
// the order they were mounted; of events the first answer counts. on_disconnect is called in
// reverse, as destructors are. The first that refuses ends the round, but nobody can refuse what
// has happened or is forced: of that all hear. Hooks of the space that were set before count as
// those of a controller mounted first; hooks that are set later replace them all.
//
// Threading:  mount before the server runs. The members of one connection's controller are called
//             one at a time, on the connection's shard. Those of a shared controller are called by
//             all shards at once: it must be safe for that.
// Ownership:  a controller made for a connection is among its `space_values`: it ends when the
//             connection has left the space, after the last hook, and outlives calls of its members
//             that run by then. Its constructor may keep the connection. Timers and asks may come
//             later: let the class derive from std::enable_shared_from_this, and capture
//             `weak_from_this()`.
// Errors:     most mistakes in a controller do not compile and say why. What only shows at start is
//             a std::invalid_argument from `mount`.

// -- how controllers come to be ----

/// One object for each connection and space, made when a client wants in and gone when it has left.
///
/// Its constructor is given what stands here: services by std::ref or std::shared_ptr, values, and
/// what functions of the connection return; and the connection itself before them, if it takes one.
template <class C, class... Parts>
controller_recipe<C> per_connection(Parts... parts) {
  return controller_recipe<C>{
      [parts = std::tuple{std::move(parts)...}](connection& of) {
        return std::apply([&](auto&... each) { return make_injected<C>(of, each...); }, parts);
      },
      nullptr};
}

/// The same, each made by a function of the connection that returns a std::shared_ptr.
template <class F>
auto made_by(F make) {
  static_assert(std::is_invocable_v<const F&, connection&>,
                "made_by takes a function of a troupe::connection&");
  using made = std::invoke_result_t<const F&, connection&>;
  static_assert(
      requires { typename made::element_type; },
      "the function that made_by takes returns a std::shared_ptr");
  return controller_recipe<typename made::element_type>{std::move(make), nullptr};
}

/// The same, each a copy of `prototype`.
template <class C>
controller_recipe<C> copies_of(C prototype) {
  static_assert(std::is_copy_constructible_v<C>, "the prototype of a controller can be copied");
  auto model = std::make_shared<const C>(std::move(prototype));
  return controller_recipe<C>{[model](connection&) { return std::make_shared<C>(*model); }, model};
}

/// One object for all connections and all spaces that it is mounted in.
template <class C>
controller_recipe<C> shared_controller(std::shared_ptr<C> one) {
  if (!one)
    throw std::invalid_argument{"the shared " + std::string{type_name<C>()} + " is null"};
  return controller_recipe<C>{std::move(one)};
}
/// The same; `one` must outlive the server.
template <class C>
controller_recipe<C> shared_controller(C& one) {
  return controller_recipe<C>{std::shared_ptr<C>{std::shared_ptr<void>{}, &one}};
}

// -- mounting ----

/// Adds a controller to the spaces of `at` that it names.
template <class C>
void mount(endpoint& at, const controller_recipe<C>& what) {
  const auto names = what.find_spaces();
  for (auto& name : names)
    what.mount_in(at.space(name));
  if (names.empty())
    what.mount_in(at);
  if (auto& wanted = what.wanted_limits())
    at.limits(wanted->over(at.own_limits));
}

/// Adds a controller to this space, whatever its class says.
template <class C>
void mount(space& at, const controller_recipe<C>& what) {
  if (what.has_spaces() || what.wanted_limits())
    throw std::invalid_argument{std::string{type_name<C>()} + " has "
                                + (what.has_spaces() ? "spaces of its own" : "limits")
                                + ": mount it on an endpoint"};
  what.mount_in(at);
}

/// Adds objects made for each connection: `mount<chat>(at)` is `mount(at, per_connection<chat>())`.
template <class C, class At, class... Parts>
void mount(At& at, Parts... parts) {
  mount(at, per_connection<C>(std::move(parts)...));
}

} // namespace troupe
