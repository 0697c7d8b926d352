#pragma once
#include "troupe/read_value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe {

/// Reads a map; `read(name)` reads the value behind the name.
template <class Read>
bool read_members(value_reader& in, mismatch& why, Read read) {
  const auto found = in.next();
  if (found.kind != value_kind::map)
    return misfit(why, "map", describe(found));
  for (std::size_t i = 0; i < found.count; ++i) {
    std::string_view name;
    if (!read_value(in, name, why) || !read(name))
      return false;
  }
  return true;
}

/// The same; `why` names the member that does not fit, or that `read` does not know.
template <class Read>
bool read_named(value_reader& in, mismatch& why, Read read) {
  return read_members(in, why, [&](std::string_view name) {
    if (read(name))
      return true;
    why.path.insert(0, name.empty() ? std::string{} : ", member " + std::string{name});
    return false;
  });
}

} // namespace troupe
