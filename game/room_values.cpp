#include "troupe/game/room_values.hpp"

#include "troupe/game/read_named.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace troupe {

namespace {

using game::comparison;

std::string_view sign_of(comparison how) noexcept {
  constexpr std::array<std::string_view, 6> signs{"==", "!=", "<", "<=", ">", ">="};
  return signs[static_cast<std::size_t>(how)];
}

/// Packs a map of which nobody knows in advance how many entries it has.
class map_packer {
public:
  template <class T>
  void add(std::string_view key, const T& value) {
    to_.pack(key);
    to_.pack(value);
    ++entries_;
  }
  void add_packed(std::string_view key, byte_view value) {
    to_.pack(key);
    sink_.write(as_text(value).data(), value.size());
    ++entries_;
  }
  payload take() {
    payload_sink whole;
    payload_packer packer{whole};
    packer.pack_array(1);
    packer.pack_map(entries_);
    const auto entries = sink_.take();
    whole.write(as_text(entries).data(), entries.size());
    return {.bytes = whole.take()};
  }

private:
  payload_sink sink_;
  payload_packer to_{sink_};
  std::uint32_t entries_ = 0;
};

using conditions = std::map<std::string_view, std::map<std::string_view, game::metadata_value>>;

/// By key, since a map has each key once; of two that compare alike the later one counts.
conditions by_key(const game::room_filter& filter) {
  conditions made;
  for (const auto& each : filter)
    made[each.key].insert_or_assign(sign_of(each.how), each.value);
  return made;
}

std::vector<std::string> keys_of(const std::vector<game::sort_key>& sort) {
  std::vector<std::string> made;
  for (const auto& each : sort)
    made.push_back((each.descending ? "-" : "") + each.key);
  return made;
}

/// The only argument; several are a list.
byte_view value_of(byte_view arguments) {
  value_reader in{arguments};
  return in.next().count == 1 ? in.take() : arguments;
}

bool skip(value_reader& in) {
  in.take();
  return true;
}

} // namespace

namespace game {

payload to_payload(const room_request& wanted) {
  map_packer to;
  to.add("kind", wanted.kind);
  if (!wanted.filter.empty())
    to.add("filter", by_key(wanted.filter));
  if (!wanted.sort.empty())
    to.add("sort", keys_of(wanted.sort));
  if (wanted.seats != 1)
    to.add("seats", wanted.seats);
  if (!wanted.options.bytes.empty())
    to.add_packed("options", value_of(wanted.options.bytes));
  if (!wanted.metadata.empty())
    to.add("metadata", wanted.metadata);
  if (wanted.is_private)
    to.add("private", true);
  if (!wanted.password.empty())
    to.add("password", wanted.password);
  return to.take();
}

} // namespace game

bool value_adaptor<game::metadata_value>::operator()(value_reader& in, game::metadata_value& to,
                                                     mismatch& why) const {
  const auto found = in.next();
  switch (found.kind) {
  case value_kind::boolean:
    to = found.truth;
    return true;
  case value_kind::integer:
    to = static_cast<std::int64_t>(found.integer);
    return found.negative || found.integer <= INT64_MAX
           || misfit(why, "integer below 2^63", describe(found));
  case value_kind::floating:
    to = found.floating;
    return true;
  case value_kind::text:
    to = std::string{as_text(found.bytes)};
    return true;
  default:
    return misfit(why, "boolean, number or text", describe(found));
  }
}

bool value_adaptor<game::listing>::operator()(value_reader& in, game::listing& to,
                                              mismatch& why) const {
  return read_named(in, why, [&](std::string_view name) {
    if (name == "id")
      return read_value(in, to.id, why);
    if (name == "kind")
      return read_value(in, to.kind, why);
    if (name == "players")
      return read_value(in, to.players, why);
    if (name == "max_players")
      return read_value(in, to.max_players, why);
    if (name == "locked")
      return read_value(in, to.is_locked, why);
    if (name == "password")
      return read_value(in, to.has_password, why);
    if (name == "metadata")
      return read_value(in, to.metadata, why);
    return skip(in);
  });
}

bool value_adaptor<game::lobby_changes>::operator()(value_reader& in, game::lobby_changes& to,
                                                    mismatch& why) const {
  return read_named(in, why, [&](std::string_view name) {
    if (name == "present")
      return read_value(in, to.present, why);
    if (name == "gone")
      return read_value(in, to.gone, why);
    return skip(in);
  });
}

} // namespace troupe
