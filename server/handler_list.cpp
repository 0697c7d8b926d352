#include "server/handler_list.hpp"

#include "troupe/endpoint.hpp"

#include <string_view>
#include <utility>

namespace troupe {

namespace {

/// One line: a title, and parts that are separated as their kinds want it.
class handler_line {
public:
  explicit handler_line(std::string title) : text_{std::move(title) + ":"} {}

  /// Names in quotes behind the word for what they are.
  template <class Names>
  void add_all(std::string_view kind, const Names& names) {
    for (auto& name : names) {
      text_.append(&name == &*names.begin() ? begin_part().append(kind) : std::string{","});
      text_.append(" \"").append(name).append("\"");
    }
  }
  void add(std::string_view name, bool is_there) {
    if (is_there)
      text_.append(begin_part()).append(name);
  }
  void add_to(std::vector<std::string>& lines) && {
    if (has_parts_)
      lines.push_back(std::move(text_));
  }

private:
  std::string begin_part() { return std::exchange(has_parts_, true) ? "; " : " "; }

  std::string text_;
  bool has_parts_ = false;
};

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (auto& [key, value] : map)
    keys.push_back(key);
  return keys;
}

void list_rooms(std::vector<std::string>& lines, const std::string& title, const room_rules& of) {
  handler_line line{title};
  line.add_all("events", keys_of(of.handlers));
  line.add_all("relays", keys_of(of.relayed));
  line.add("relays everything", of.relays_everything);
  line.add("on_create", of.create != nullptr);
  line.add("on_join", of.join != nullptr);
  line.add("on_joined", of.joined != nullptr);
  line.add("on_leave", of.leave != nullptr);
  std::move(line).add_to(lines);
}

void list_space(std::vector<std::string>& lines, const space& of) {
  const auto title = "space \"" + of.name() + "\"";
  handler_line line{title};
  line.add_all("events", of.handled_events());
  line.add("any event", of.any != nullptr);
  line.add("on_error", of.error != nullptr);
  line.add("on_connect", of.connect != nullptr);
  line.add("on_connected", of.connected != nullptr);
  line.add("on_disconnect", of.disconnect != nullptr);
  line.add("on_join", of.join != nullptr);
  line.add("on_joined", of.joined != nullptr);
  line.add("on_leave", of.leave != nullptr);
  line.add("on_left", of.left != nullptr);
  std::move(line).add_to(lines);
  for (auto& [prefix, rooms] : of.room_kinds)
    list_rooms(lines, title + ", rooms \"" + prefix + "\"", rooms);
}

} // namespace

std::vector<std::string> list_handlers(const endpoint& of) {
  std::vector<std::string> lines;
  handler_line line{"connections"};
  line.add("authorize", of.authorizer != nullptr);
  line.add("on_open", of.open != nullptr);
  line.add("on_message", of.message != nullptr);
  line.add("on_message_part", of.frames.part != nullptr);
  line.add("on_ping", of.frames.ping != nullptr);
  line.add("on_pong", of.frames.pong != nullptr);
  line.add("on_close_frame", of.frames.close_frame != nullptr);
  line.add("on_close", of.close != nullptr);
  std::move(line).add_to(lines);
  list_space(lines, of);
  for (auto& [name, space] : of.spaces())
    list_space(lines, *space);
  return lines;
}

} // namespace troupe
