#pragma once
#include "troupe/errc.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe {

/// Why bytes from the network were not accepted, and where.
///
/// Costs nothing to create, so that refusing a flood of garbage allocates nothing; the sentence
/// for a person is made by `text()` when somebody wants to read it.
struct refusal {
  errc code = errc::ok;
  std::size_t offset = 0;  ///< of the first byte that could not be accepted, from the start
  std::string_view reason; ///< what was wrong there; static storage

  /// For example "offset 3: the varint is longer than necessary".
  std::string text() const {
    return "offset " + std::to_string(offset) + ": " + std::string{reason};
  }

  friend bool operator==(const refusal&, const refusal&) = default;
};

} // namespace troupe
