#pragma once
#include "troupe/connection.hpp"

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace troupe {

/// What an object made for a connection is given for one part of its recipe: a std::ref is the
/// service itself, a function of the connection what it returns, everything else a value.
template <class Part>
const Part& inject(const Part& part, connection&) {
  return part;
}
template <class T>
T& inject(const std::reference_wrapper<T>& service, connection&) {
  return service.get();
}
template <class F>
requires std::is_invocable_v<const F&, connection&>
decltype(auto) inject(const F& make, connection& of) {
  return make(of);
}

template <class Part>
using injected = decltype(inject(std::declval<const Part&>(), std::declval<connection&>()));

/// Makes an object of `C` for a connection from the parts of its recipe.
template <class C, class... Parts>
std::shared_ptr<C> make_injected(connection& of, const Parts&... parts) {
  constexpr bool takes_connection = std::is_constructible_v<C, connection&, injected<Parts>...>;
  static_assert(takes_connection || std::is_constructible_v<C, injected<Parts>...>,
                "no constructor of the controller takes what it is given, in that order: services, "
                "values, and what the functions of the connection return");
  if constexpr (takes_connection)
    return std::make_shared<C>(of, inject(parts, of)...);
  else if constexpr (std::is_constructible_v<C, injected<Parts>...>)
    return std::make_shared<C>(inject(parts, of)...);
  else
    return nullptr;
}

} // namespace troupe
