#pragma once
#include <any>
#include <typeindex>
#include <unordered_map>

namespace troupe {

/// What an application attaches to a connection or room: one value per type.
///
/// Threading:  that of its owner. Ownership: owns the values; they end with the owner.
class value_store {
public:
  /// The value of type `T`, default-constructed on first use.
  template <class T>
  T& value() {
    auto& slot = values_[std::type_index{typeid(T)}];
    if (auto* known = std::any_cast<T>(&slot))
      return *known;
    return slot.emplace<T>();
  }

  /// The value of type `T`, or nothing if it was never set.
  template <class T>
  T* find() noexcept {
    auto found = values_.find(std::type_index{typeid(T)});
    return found == values_.end() ? nullptr : std::any_cast<T>(&found->second);
  }

  void clear() noexcept { values_.clear(); }

private:
  std::unordered_map<std::type_index, std::any> values_;
};

} // namespace troupe
