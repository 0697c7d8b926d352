#pragma once
#include "troupe/handler_traits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace troupe {

template <auto Method>
constexpr const char* describe_method() noexcept {
  return __PRETTY_FUNCTION__; // "... [with auto Method = &chat::say]"
}
/// The name of a member function as it is written in its class: "say" for `&chat::say`.
template <auto Method>
constexpr std::string_view method_name() noexcept {
  const std::string_view text = describe_method<Method>();
  const auto name = text.substr(text.rfind(':') + 1);
  return name.substr(0, name.find_first_of(")]"));
}

template <class Method>
struct class_of_member;
template <class C, class F>
struct class_of_member<F C::*> {
  using type = C;
};

/// One line of an `event_list`.
template <auto Method>
struct controller_event {
  static_assert(std::is_member_function_pointer_v<decltype(Method)>,
                "an event of a controller is one of its member functions, and not a static one: "
                "troupe::event<&my_controller::say>()");
  std::string_view name;
};

/// Makes `Method` the handler of the event `name`; of the event that is called as it is, if no name
/// is given.
template <auto Method>
constexpr controller_event<Method> event(std::string_view name = method_name<Method>()) noexcept {
  return {name};
}

/// The events of a controller: see troupe/controller.hpp.
template <auto... Methods>
class event_list {
public:
  constexpr explicit event_list(controller_event<Methods>... each) noexcept : names{each.name...} {}

  static constexpr std::size_t size() noexcept { return sizeof...(Methods); }
  constexpr bool has_empty_name() const noexcept {
    return std::any_of(names.begin(), names.end(), [](auto name) { return name.empty(); });
  }
  constexpr bool has_name_twice() const noexcept {
    for (std::size_t i = 0; i < size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (names[i] == names[j])
          return true;
    return false;
  }

  const std::array<std::string_view, sizeof...(Methods)> names;
};

template <class T>
struct is_event_list : std::false_type {};
template <auto... Methods>
struct is_event_list<event_list<Methods...>> : std::true_type {};

/// Whether `C::events()` is there, public, and known to the compiler.
template <class C>
concept lists_events = is_event_list<decltype(C::events())>::value && requires {
  typename std::bool_constant<C::events().has_empty_name()>;
};

template <class C, auto Method>
constexpr void check_event() {
  using method = decltype(Method);
  static_assert(std::is_base_of_v<typename class_of_member<method>::type, C>,
                "an event of a controller is a member function of its class or of a base of that");
  static_assert(
      has_signature<method>,
      "an event of a controller has one fixed list of parameters and no & or && behind it");
}

template <class C, auto... Methods>
constexpr void check_events(const event_list<Methods...>&) {
  (check_event<C, Methods>(), ...);
}

/// Fails to compile, with a sentence, if the list of `C` cannot be what its author means.
template <class C>
constexpr void check_event_list() {
  static_assert(lists_events<C>,
                "a controller lists its events in public: static constexpr auto events() { return "
                "troupe::event_list{troupe::event<&my_controller::say>()}; }");
  if constexpr (lists_events<C>) {
    static_assert(!C::events().has_empty_name(), "an event of a controller has an empty name");
    static_assert(!C::events().has_name_twice(), "two events of a controller have the same name");
    check_events<C>(C::events());
  }
}

} // namespace troupe
