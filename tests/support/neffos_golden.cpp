#include "tests/support/neffos_golden.hpp"

#include "tests/support/hex.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <map>
#include <sstream>

namespace troupe::test {

namespace {

boost::json::array load() {
  std::ifstream file{TROUPE_SOURCE_DIR "/tests/golden/neffos.json"};
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).at("vectors").as_array();
}

bool has(const boost::json::object& row, std::string_view key) {
  return row.contains(key);
}

/// The text under `key`, or the bytes under `key`_hex.
std::string text_of(const boost::json::object& row, const std::string& key) {
  if (const auto* const text = row.if_contains(key))
    return std::string{text->as_string()};
  const auto* const hex = row.if_contains(key + "_hex");
  return hex == nullptr ? std::string{} : std::string{as_text(from_hex(hex->as_string()))};
}

neffos_message message_of(const boost::json::object& result) {
  const bool is_error = has(result, "error");
  return {.wait = text_of(result, "wait"),
          .exclude = text_of(result, "exclude"),
          .space = text_of(result, "namespace"),
          .room = text_of(result, "room"),
          .event = text_of(result, "event"),
          .body = text_of(result, is_error ? "error" : "body"),
          .is_error = is_error,
          .is_noop = has(result, "is_noop"),
          .is_native = has(result, "is_native"),
          .from_exchange = has(result, "from_exchange")};
}

void set_mode(neffos_vector& to, const std::string& opcode_and_mode) {
  static const std::map<std::string, neffos_natives> modes = {
      {"normal", neffos_natives::refused},
      {"allow_native", neffos_natives::mixed},
      {"native_only", neffos_natives::only},
  };
  const auto blank = opcode_and_mode.find(' ');
  to.is_binary = opcode_and_mode.substr(0, blank) == "binary";
  to.natives = modes.at(opcode_and_mode.substr(blank + 1));
  to.decoded.is_binary = to.is_binary;
}

neffos_vector vector_of(const std::string& input, const boost::json::object& result) {
  const bool has_output = has(result, "out") || has(result, "out_hex");
  return {.input = input,
          .is_invalid = has(result, "invalid"),
          .is_known_error = has(result, "is_known_error"),
          .decoded = message_of(result),
          .output = has_output ? text_of(result, "out") : input};
}

std::vector<neffos_vector> expand(const boost::json::array& rows) {
  std::vector<neffos_vector> vectors;
  for (const auto& row : rows) {
    for (const auto& result : row.at("results").as_array()) {
      const auto common = vector_of(text_of(row.as_object(), "in"), result.as_object());
      for (const auto& mode : result.at("for").as_array())
        set_mode(vectors.emplace_back(common), std::string{mode.as_string()});
    }
  }
  return vectors;
}

} // namespace

const std::vector<neffos_vector>& neffos_vectors() {
  static const auto vectors = expand(load());
  return vectors;
}

} // namespace troupe::test
