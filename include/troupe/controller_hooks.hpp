#pragma once
#include "troupe/handler_traits.hpp"
#include "troupe/hooks.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace troupe {

// -- members that count because of their name ----
//
// `twin` has a member of the same name. A class that inherits from it and from a controller cannot
// tell the two apart, even if the controller's is private: so it is known to be there.

// clang-format off
struct on_connect_member {
  struct twin { int on_connect; };
  template <class C> static constexpr bool is_found = requires { &C::on_connect; };
  template <class C> static constexpr auto get() { return &C::on_connect; }
};
struct on_connected_member {
  struct twin { int on_connected; };
  template <class C> static constexpr bool is_found = requires { &C::on_connected; };
  template <class C> static constexpr auto get() { return &C::on_connected; }
};
struct on_disconnect_member {
  struct twin { int on_disconnect; };
  template <class C> static constexpr bool is_found = requires { &C::on_disconnect; };
  template <class C> static constexpr auto get() { return &C::on_disconnect; }
};
struct on_join_member {
  struct twin { int on_join; };
  template <class C> static constexpr bool is_found = requires { &C::on_join; };
  template <class C> static constexpr auto get() { return &C::on_join; }
};
struct on_joined_member {
  struct twin { int on_joined; };
  template <class C> static constexpr bool is_found = requires { &C::on_joined; };
  template <class C> static constexpr auto get() { return &C::on_joined; }
};
struct on_leave_member {
  struct twin { int on_leave; };
  template <class C> static constexpr bool is_found = requires { &C::on_leave; };
  template <class C> static constexpr auto get() { return &C::on_leave; }
};
struct on_left_member {
  struct twin { int on_left; };
  template <class C> static constexpr bool is_found = requires { &C::on_left; };
  template <class C> static constexpr auto get() { return &C::on_left; }
};
struct on_error_member {
  struct twin { int on_error; };
  template <class C> static constexpr bool is_found = requires { &C::on_error; };
  template <class C> static constexpr auto get() { return &C::on_error; }
};
struct on_any_member {
  struct twin { int on_any; };
  template <class C> static constexpr bool is_found = requires { &C::on_any; };
  template <class C> static constexpr auto get() { return &C::on_any; }
};
struct space_member {
  struct twin { int space; };
  template <class C> static constexpr bool is_found = requires { &C::space; };
  template <class C> static constexpr auto get() { return &C::space; }
};
// clang-format on

template <class C, class Twin>
struct beside_twin : C, Twin {};

/// Whether `C` has the member. One that it has but nobody can use does not compile.
template <class C, class Member>
constexpr bool has_member() {
  constexpr bool is_usable = Member::template is_found<C>;
  if constexpr (!std::is_final_v<C>) {
    constexpr bool is_there = !Member::template is_found<beside_twin<C, typename Member::twin>>;
    static_assert(!is_there || is_usable, "the hooks of a controller (on_connect, on_connected, "
                                          "on_disconnect, on_join, on_joined, on_leave, on_left, "
                                          "on_error, on_any) and its `space` are public, and none "
                                          "of them is overloaded or a template");
  }
  return is_usable;
}

// -- calling them ----

/// Whether `Method` can be called on a `C` with the first of `Arguments`, as many as it takes.
template <class Method, class C, class Arguments, std::size_t... I>
constexpr bool takes_first(std::index_sequence<I...>) {
  return std::is_invocable_r_v<void, Method, C&, std::tuple_element_t<I, Arguments>...>;
}

template <class C, class Method, class... Args>
constexpr void check_hook() {
  static_assert(std::is_member_function_pointer_v<Method>,
                "a hook of a controller is a member function, and not a static one");
  static_assert(has_signature<Method>,
                "a hook of a controller has one fixed list of parameters and no & or && behind it");
  using call = signature_of<Method>;
  static_assert(std::is_void_v<typename call::result>,
                "a hook of a controller returns nothing: it throws troupe::refused to say no");
  constexpr bool is_short = call::size <= sizeof...(Args);
  static_assert(is_short, "a hook of a controller has more parameters than there is to tell");
  if constexpr (is_short)
    static_assert(
        takes_first<Method, C, std::tuple<Args...>>(std::make_index_sequence<call::size>{}),
        "a hook of a controller has the parameters of the hook of the same name in troupe::space; "
        "the last ones may be left out");
}

/// Calls a hook with the first of `args`, as many as it takes.
template <class C, class Method, class... Args>
void call_hook(C& on, Method method, Args&&... args) {
  auto all = std::forward_as_tuple(std::forward<Args>(args)...);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (on.*method)(std::get<I>(all)...);
  }
  (std::make_index_sequence<signature_of<Method>::size>{});
}

// -- several hooks in one place ----

/// Whether a hook may still say no: to a client that asked.
inline bool is_request(connection&, const close_info& why) noexcept {
  return !why.by.is_local && !why.by.is_forced;
}
inline bool is_request(connection&, std::string_view, cause why) noexcept {
  return !why.is_local && !why.is_forced;
}

/// Calls both. If `first` throws and nobody `may_refuse`, `second` is called all the same.
template <class Hook, class... Args>
void call_both(const Hook& first, const Hook& second, bool may_refuse, Args&&... args) {
  std::exception_ptr failure;
  try {
    if (first)
      first(args...);
  } catch (...) {
    if (may_refuse)
      throw;
    failure = std::current_exception();
  }
  if (second)
    second(args...);
  if (failure)
    std::rethrow_exception(failure);
}

} // namespace troupe
