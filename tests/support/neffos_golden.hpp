#pragma once
#include "troupe/neffos_message.hpp"

#include <string>
#include <vector>

namespace troupe::test {

/// A vector of tests/golden/neffos.json: one input in one of the reference decoder's modes.
struct neffos_vector {
  std::string input;
  bool is_binary = false;
  neffos_natives natives = neffos_natives::refused;
  bool is_invalid = false;
  bool is_known_error = false;
  neffos_message decoded{}; ///< unless invalid
  std::string output;       ///< what `decoded` encodes to
};

/// All of them, in the file's order.
const std::vector<neffos_vector>& neffos_vectors();

} // namespace troupe::test
