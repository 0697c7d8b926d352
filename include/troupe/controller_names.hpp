#pragma once
#include "troupe/controller_hooks.hpp"
#include "troupe/event_matcher.hpp"
#include "troupe/type_name.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// What a controller's class says of names: the space it is for, and its events.

namespace troupe {

/// A name that is there twice; nothing if there is none.
inline std::optional<std::string> find_twice(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  auto found = std::adjacent_find(names.begin(), names.end());
  return found == names.end() ? std::nullopt : std::optional{*found};
}

template <class Text>
std::string to_space_name(const Text& text) {
  static_assert(std::is_convertible_v<const Text&, std::string_view>,
                "the member `space` of a controller is a text, or a function that returns one");
  return std::string{std::string_view{text}};
}

/// What the member `space` of `C` says.
/// @param model  null if there is no object yet.
template <class C>
std::string ask_for_space(const C* model) {
  constexpr auto member = space_member::get<C>();
  using type = decltype(member);
  if constexpr (std::is_member_pointer_v<std::remove_cv_t<type>>) {
    static_assert(std::is_invocable_v<type, const C&>,
                  "the function `space` of a controller is const and has no parameters");
    if (model == nullptr)
      throw std::invalid_argument{"nobody knows the space of " + std::string{type_name<C>()}
                                  + " before a client comes: make its member `space` static"};
    return to_space_name(std::invoke(member, *model));
  } else if constexpr (std::is_function_v<std::remove_pointer_t<type>>) {
    return to_space_name(member());
  } else {
    return to_space_name(*member);
  }
}

/// What the events of `C` are called, in the order of its list; nothing for what is no event.
template <class C>
std::vector<std::optional<std::string>> name_events(const event_matcher& matcher) {
  std::vector<std::optional<std::string>> called;
  std::vector<std::string> used;
  for (auto name : C::events().names) {
    called.push_back(matcher ? matcher(name) : std::string{name});
    if (called.back())
      used.push_back(*called.back());
  }
  const std::string whose{type_name<C>()};
  if (matcher && used.empty())
    throw std::invalid_argument{"the matcher of " + whose + " leaves no event"};
  if (std::find(used.begin(), used.end(), "") != used.end())
    throw std::invalid_argument{"the matcher of " + whose + " gives an event an empty name"};
  if (auto twice = find_twice(used))
    throw std::invalid_argument{"two events of " + whose + " are called \"" + *twice + "\""};
  return called;
}

} // namespace troupe
