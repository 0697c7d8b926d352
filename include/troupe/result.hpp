#pragma once
#include <utility>
#include <variant>

namespace troupe {

/// Either a value or the reason why there is none.
///
/// Bytes from the network are judged by return values, not by exceptions; this is the type of
/// those judgements.
///
/// Threading:  as the value: distinct objects are independent.
/// Ownership:  owns whichever of the two it holds.
/// Errors:     `*` and `->` on an error, and `error()` on a value, throw std::bad_variant_access.
template <class T, class E>
class result {
public:
  result(T value) : state_{std::in_place_index<0>, std::move(value)} {} // NOLINT: implicit
  result(E error) : state_{std::in_place_index<1>, std::move(error)} {} // NOLINT: implicit

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }

  const E& error() const { return std::get<1>(state_); }

private:
  std::variant<T, E> state_;
};

} // namespace troupe
