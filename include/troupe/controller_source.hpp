#pragma once
#include "troupe/connection.hpp"
#include "troupe/type_name.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace troupe {

/// The controllers that were made for one connection in one space, by their sources.
struct controller_instances {
  std::map<const void*, std::shared_ptr<void>> all;
};

/// Where the controllers of one space come from: one for everybody, or one for each connection,
/// which is among that connection's values of the space and ends with them.
///
/// Threading:  does not change once the server runs; the connections' shards share it.
template <class C>
class controller_source {
public:
  using factory = std::function<std::shared_ptr<C>(connection&)>;

  explicit controller_source(std::shared_ptr<C> one) : one_{std::move(one)} {}
  explicit controller_source(factory make) : make_{std::move(make)} {}

  bool is_shared() const noexcept { return one_ != nullptr; }
  /// The one of this connection, made if there is none.
  std::shared_ptr<C> get(connection& of) const {
    if (one_)
      return one_;
    auto& known = of.space_values().template value<controller_instances>().all[this];
    if (!known)
      known = make(of);
    return std::static_pointer_cast<C>(known);
  }

private:
  std::shared_ptr<C> make(connection& of) const {
    if (auto made = make_(of))
      return made;
    throw std::logic_error{"the factory function of " + std::string{type_name<C>()}
                           + " made no controller"};
  }

  const std::shared_ptr<C> one_; ///< null: `make_` makes one for each connection
  const factory make_;
};

} // namespace troupe
