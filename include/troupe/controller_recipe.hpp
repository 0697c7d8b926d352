#pragma once
#include "troupe/controller_mounting.hpp"
#include "troupe/controller_names.hpp"
#include "troupe/endpoint_limits.hpp"
#include "troupe/event_matcher.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace troupe {

/// What is mounted: how the controllers of class `C` come to be, in which spaces, under which
/// names.
///
/// Made by `per_connection`, `made_by`, `copies_of` and `shared_controller` in
/// troupe/controller.hpp, which says what a controller is.
///
/// Threading:  none of its own. Ownership: shares what all of its controllers have in common.
template <class C>
class controller_recipe {
public:
  using factory = typename controller_source<C>::factory;

  controller_recipe(factory make, std::shared_ptr<const C> model)
      : make_{std::move(make)}, model_{std::move(model)} {}
  explicit controller_recipe(std::shared_ptr<C> one) : one_{one}, model_{std::move(one)} {}

  /// The spaces that it handles, each with objects of its own unless it is shared.
  template <class... Names>
  controller_recipe& in(Names... spaces) {
    static_assert((std::is_convertible_v<Names, std::string_view> && ...),
                  "in(...) takes the names of spaces");
    (spaces_.emplace_back(std::string_view{spaces}), ...);
    return *this;
  }
  /// Decides which of the listed functions are events and what those are called.
  controller_recipe& match(event_matcher matcher) {
    matcher_ = std::move(matcher);
    return *this;
  }
  /// Timeouts and other limits that it wants of its endpoint: sockets have them, not spaces, so
  /// they count for all clients of the endpoint. Of several wishes for one limit the last counts.
  controller_recipe& limits(const endpoint_limits& wanted) {
    limits_ = wanted;
    return *this;
  }

  // -- read by `mount` ----

  const std::optional<endpoint_limits>& wanted_limits() const noexcept { return limits_; }
  bool has_spaces() const noexcept { return !spaces_.empty(); }
  /// The spaces of `in`, or that of the class; empty if neither says any.
  std::vector<std::string> find_spaces() const;
  void mount_in(space& at) const;

private:
  factory make_;
  std::shared_ptr<C> one_;         ///< shared by all connections, or null
  std::shared_ptr<const C> model_; ///< what can be asked before there are connections, or null
  std::vector<std::string> spaces_;
  event_matcher matcher_;
  std::optional<endpoint_limits> limits_;
};

template <class C>
std::vector<std::string> controller_recipe<C>::find_spaces() const {
  if (auto twice = find_twice(spaces_))
    throw std::invalid_argument{std::string{type_name<C>()} + " is mounted in the space \"" + *twice
                                + "\" twice"};
  if constexpr (has_member<C, space_member>()) {
    if (spaces_.empty())
      return {ask_for_space<C>(model_.get())};
  }
  return spaces_;
}

template <class C>
void controller_recipe<C>::mount_in(space& at) const {
  check_event_list<C>();
  if constexpr (lists_events<C>) {
    const auto called = name_events<C>(matcher_);
    auto from = one_ ? std::make_shared<controller_source<C>>(one_)
                     : std::make_shared<controller_source<C>>(make_);
    controller_mounting<C> mounting{at, std::move(from)};
    mounting.add_events(called);
    mounting.add_hooks();
  }
}

} // namespace troupe
