#pragma once
#include "troupe/controller_events.hpp"
#include "troupe/controller_hooks.hpp"
#include "troupe/controller_source.hpp"
#include "troupe/space.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe {

template <class C>
using controller_source_ptr = std::shared_ptr<const controller_source<C>>;

// A member function as a handler, with or without the connection as its first parameter. The
// pointer that `get` returns keeps the controller alive during the call.

template <class C, auto Method, class... P>
auto make_handler(controller_source_ptr<C> from, std::type_identity<std::tuple<P...>>) {
  return [from = std::move(from)](connection& of, P... arguments) {
    return std::invoke(Method, *from->get(of), std::forward<P>(arguments)...);
  };
}
template <class C, auto Method, class First, class... P>
requires is_context<connection, First>
auto make_handler(controller_source_ptr<C> from, std::type_identity<std::tuple<First, P...>>) {
  return [from = std::move(from)](connection& of, P... arguments) {
    return std::invoke(Method, *from->get(of), of, std::forward<P>(arguments)...);
  };
}

/// Adds the members of one controller to one space.
///
/// Threading:  as setting up the space.
template <class C>
class controller_mounting {
public:
  using names = std::vector<std::optional<std::string>>; ///< of the events; none: left out

  controller_mounting(space& at, controller_source_ptr<C> from) : at_{at}, from_{std::move(from)} {}

  void add_events(const names& called) { add_each(C::events(), called); }

  void add_hooks() {
    constexpr auto always = [](auto&&...) { return true; };
    constexpr auto never = [](auto&&...) { return false; };
    constexpr auto if_asked = [](auto&&... told) { return is_request(told...); };
    add_coming();
    add_hook<on_connected_member>(at_.connected, never);
    add_hook<on_join_member>(at_.join, always);
    add_hook<on_joined_member>(at_.joined, never);
    add_hook<on_leave_member>(at_.leave, if_asked);
    add_hook<on_left_member>(at_.left, never);
    add_hook<on_error_member>(at_.error, never);
    add_going();
    add_any();
  }

private:
  template <auto... Methods>
  void add_each(const event_list<Methods...>&, const names& called) {
    [[maybe_unused]] auto name = called.begin();
    (add_event<Methods>(*name++), ...);
  }

  template <auto Method>
  void add_event(const std::optional<std::string>& name) {
    if (name)
      at_.on(*name, handler<Method>());
  }

  template <auto Method>
  auto handler() const {
    using parameters = typename signature_of<decltype(Method)>::parameters;
    return make_handler<C, Method>(from_, std::type_identity<parameters>{});
  }

  /// The controller's hook of the same kind as `kind`; empty if it has none.
  template <class Member, class... Args>
  std::function<void(connection&, Args...)>
  find_hook(const std::function<void(connection&, Args...)>& /*kind*/) const {
    if constexpr (has_member<C, Member>()) {
      check_hook<C, decltype(Member::template get<C>()), connection&, Args...>();
      return [from = from_](connection& of, Args... args) {
        call_hook(*from->get(of), Member::template get<C>(), of, args...);
      };
    } else {
      return {};
    }
  }

  /// Puts the controller's hook behind the one that is there.
  template <class Member, class... Args, class Stops>
  void add_hook(std::function<void(connection&, Args...)>& to, Stops stops) {
    if (auto added = find_hook<Member>(to))
      to = [before = std::move(to), added = std::move(added), stops](connection& of, Args... args) {
        call_both(before, added, stops(of, args...), of, args...);
      };
  }

  /// Behind the hook that is there. A connection's own controller is made here.
  void add_coming() {
    auto added = find_hook<on_connect_member>(at_.connect);
    if (!added && from_->is_shared())
      return;
    at_.connect = [before = std::move(at_.connect), from = from_,
                   added = std::move(added)](connection& who) {
      if (before)
        before(who);
      from->get(who);
      if (added)
        added(who);
    };
  }

  /// Before the hook that is there.
  void add_going() {
    if (auto added = find_hook<on_disconnect_member>(at_.disconnect))
      at_.disconnect = [added = std::move(added),
                        next = std::move(at_.disconnect)](connection& of, const close_info& why) {
        call_both(added, next, is_request(of, why), of, why);
      };
  }

  void add_any() {
    if constexpr (has_member<C, on_any_member>()) {
      static_assert(std::is_member_function_pointer_v<decltype(on_any_member::get<C>())>,
                    "on_any of a controller is a member function, and not a static one");
      auto before = std::move(at_.any);
      at_.on_any(handler<on_any_member::get<C>()>());
      if (before)
        at_.any = [first = std::move(before), second = std::move(at_.any)](connection& of,
                                                                           payload_view content) {
          auto answer = first(of, content);
          auto other = second(of, content);
          return answer.code != errc::ok || answer.reply ? answer : other;
        };
    }
  }

  space& at_;
  const controller_source_ptr<C> from_;
};

} // namespace troupe
