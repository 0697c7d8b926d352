#pragma once
#include "troupe/refusal.hpp"

#include "protocol/native.hpp"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace troupe::test {

/// A row of "messages" in tests/golden/native.json.
struct golden_message {
  std::string name;
  bool from_client = false;
  std::vector<std::byte> bytes;
  std::vector<std::byte> payload;
  std::string event; ///< text of the name, if it is not a number
  std::string text;
  protocol::message fields{}; ///< its views refer to the members above

  golden_message() = default;
  golden_message(const golden_message&) = delete;
};

/// The whole file tests/golden/native.json.
const boost::json::object& golden_file();

/// Fills `to` from a row of "messages".
void read_golden(const boost::json::object& row, golden_message& to);

} // namespace troupe::test
