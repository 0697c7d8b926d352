#include "tests/support/golden.hpp"

#include "tests/support/hex.hpp"

#include <boost/json/src.hpp>

#include <fstream>
#include <map>
#include <sstream>

namespace troupe::test {

namespace {

boost::json::object load() {
  std::ifstream file{TROUPE_SOURCE_DIR "/tests/golden/native.json"};
  std::ostringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).as_object();
}

std::string text_of(const boost::json::object& row, std::string_view key) {
  const auto* const found = row.if_contains(key);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

std::uint64_t number_of(const boost::json::object& row, std::string_view key) {
  const auto* const found = row.if_contains(key);
  return found != nullptr && found->is_number() ? found->to_number<std::uint64_t>() : 0;
}

protocol::operation operation_of(const std::string& name) {
  using enum protocol::operation;
  static const std::map<std::string, protocol::operation> names = {
      {"hello", hello},     {"event", event},           {"ask", ask},
      {"reply", reply},     {"error", error},           {"join", join},
      {"leave", leave},     {"joined", joined},         {"left", left},
      {"publish", publish}, {"room_event", room_event}, {"presence", presence},
      {"clock", clock},     {"restarted", restarted},   {"received", received},
  };
  return names.at(name);
}

delivery delivery_of(const boost::json::object& fields) {
  const auto cls = text_of(fields, "class");
  if (cls == "latest")
    return latest(number_of(fields, "key"));
  if (cls == "droppable")
    return droppable(static_cast<std::uint8_t>(number_of(fields, "priority")),
                     std::chrono::milliseconds{number_of(fields, "deadline_ms")});
  return ordered();
}

template <class Enum>
void read_enum(const boost::json::object& fields, std::string_view key, Enum& to) {
  if (fields.contains(key))
    to = static_cast<Enum>(number_of(fields, key));
}

} // namespace

const boost::json::object& golden_file() {
  static const auto file = load();
  return file;
}

void read_golden(const boost::json::object& row, golden_message& to) {
  const auto& fields = row.at("fields").as_object();
  to.name = text_of(row, "name");
  to.from_client = text_of(row, "from") == "client";
  to.bytes = from_hex(text_of(row, "bytes"));
  to.payload = from_hex(text_of(fields, "payload"));
  to.event = text_of(fields, "event");
  to.text = text_of(fields, "text");
  to.fields = {.op = operation_of(text_of(fields, "op")),
               .content = fields.contains("raw") ? content_kind::raw : content_kind::arguments,
               .how = delivery_of(fields),
               .ask_id = number_of(fields, "ask_id"),
               .room = number_of(fields, "room"),
               .sender = number_of(fields, "sender"),
               .name = {number_of(fields, "event"), to.event},
               .text = to.text,
               .members = number_of(fields, "members"),
               .epoch = number_of(fields, "epoch"),
               .count = number_of(fields, "count"),
               .version = number_of(fields, "version"),
               .connection = number_of(fields, "connection"),
               .client_time = number_of(fields, "client_time"),
               .server_time = number_of(fields, "server_time"),
               .payload = to.payload};
  read_enum(fields, "code", to.fields.code);
  read_enum(fields, "reason", to.fields.reason);
  read_enum(fields, "kind", to.fields.kind);
}

} // namespace troupe::test
