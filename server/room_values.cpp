#include "server/room_values.hpp"

#include <optional>
#include <utility>

namespace troupe {

namespace {

using game::comparison;

std::optional<comparison> comparison_of(std::string_view sign) {
  constexpr std::pair<std::string_view, comparison> all[] = {
      {"==", comparison::equal},   {"!=", comparison::not_equal}, {"<", comparison::less},
      {"<=", comparison::at_most}, {">", comparison::greater},    {">=", comparison::at_least}};
  for (const auto& [text, how] : all)
    if (text == sign)
      return how;
  return std::nullopt;
}

bool read_conditions(value_reader& in, const std::string& key, game::room_filter& to,
                     mismatch& why) {
  const auto count = in.next().count;
  for (std::size_t i = 0; i < count; ++i) {
    std::string sign;
    game::condition made{.key = key, .value = {}};
    if (!read_value(in, sign, why))
      return false;
    const auto how = comparison_of(sign);
    if (!how)
      return misfit(why, "one of == != < <= > >=", '"' + sign + '"');
    made.how = *how;
    if (!read_value(in, made.value, why))
      return false;
    to.push_back(std::move(made));
  }
  return true;
}

bool read_filter(value_reader& in, game::room_filter& to, mismatch& why) {
  const auto found = in.next();
  if (found.kind != value_kind::map)
    return misfit(why, "map", describe(found));
  for (std::size_t i = 0; i < found.count; ++i) {
    std::string key;
    if (!read_value(in, key, why))
      return false;
    if (in.peek().kind == value_kind::map) {
      if (!read_conditions(in, key, to, why))
        return false;
      continue;
    }
    game::metadata_value value;
    if (!read_value(in, value, why))
      return false;
    to.push_back({.key = std::move(key), .value = std::move(value)});
  }
  return true;
}

bool read_sort(value_reader& in, std::vector<game::sort_key>& to, mismatch& why) {
  std::vector<std::string> keys;
  if (!read_value(in, keys, why))
    return false;
  for (auto& key : keys) {
    const bool descending = key.starts_with('-');
    to.push_back({.key = key.substr(descending ? 1 : 0), .descending = descending});
  }
  return true;
}

bool read_options(value_reader& in, payload& to) {
  to.bytes = game::as_arguments({in.take()});
  return true;
}

bool read_member(std::string_view name, value_reader& in, game::room_request& to, mismatch& why) {
  if (name == "kind")
    return read_value(in, to.kind, why);
  if (name == "filter")
    return read_filter(in, to.filter, why);
  if (name == "sort")
    return read_sort(in, to.sort, why);
  if (name == "seats")
    return read_value(in, to.seats, why);
  if (name == "options")
    return read_options(in, to.options);
  if (name == "metadata")
    return read_value(in, to.metadata, why);
  if (name == "private")
    return read_value(in, to.is_private, why);
  if (name == "password")
    return read_value(in, to.password, why);
  return misfit(why, "kind, filter, sort, seats, options, metadata, private or password",
                '"' + std::string{name} + '"');
}

} // namespace

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

bool value_adaptor<game::room_request>::operator()(value_reader& in, game::room_request& to,
                                                   mismatch& why) const {
  const auto found = in.next();
  if (found.kind != value_kind::map)
    return misfit(why, "map", describe(found));
  for (std::size_t i = 0; i < found.count; ++i) {
    std::string name;
    if (!read_value(in, name, why) || !read_member(name, in, to, why)) {
      why.path.insert(0, name.empty() ? std::string{} : ", member " + name);
      return false;
    }
  }
  return true;
}

namespace game {

namespace {

void pack(payload_packer& to, const metadata_value& value) {
  std::visit([&](const auto& held) { to.pack(held); }, value.held());
}

void pack(payload_packer& to, const listing& room) {
  to.pack_map(7);
  to.pack("id").pack(room.id);
  to.pack("kind").pack(room.kind);
  to.pack("players").pack(room.players);
  to.pack("max_players").pack(room.max_players);
  to.pack("locked").pack(room.is_locked);
  to.pack("password").pack(room.has_password);
  to.pack("metadata").pack_map(static_cast<std::uint32_t>(room.metadata.size()));
  for (const auto& [key, value] : room.metadata) {
    to.pack(key);
    pack(to, value);
  }
}

void pack(payload_packer& to, const std::vector<listing>& rooms) {
  to.pack_array(static_cast<std::uint32_t>(rooms.size()));
  for (const auto& each : rooms)
    pack(to, each);
}

/// `write` packs the only argument.
template <class Write>
payload make_one(Write write) {
  payload_sink sink;
  payload_packer packer{sink};
  packer.pack_array(1);
  write(packer);
  return {.bytes = sink.take()};
}

} // namespace

std::vector<std::byte> as_arguments(const any_value& value) {
  constexpr std::byte array_of_one{0x91};
  std::vector<std::byte> made{array_of_one};
  made.insert(made.end(), value.bytes.begin(), value.bytes.end());
  return made;
}

payload to_payload(const std::vector<listing>& rooms) {
  return make_one([&](auto& to) { pack(to, rooms); });
}

payload to_payload(const lobby_changes& news) {
  return make_one([&](auto& to) {
    to.pack_map(2);
    to.pack("present");
    pack(to, news.present);
    to.pack("gone").pack(news.gone);
  });
}

payload to_payload(const seat_reservation& seats) {
  return make_one([&](auto& to) {
    to.pack_map(2);
    to.pack("room").pack(seats.room);
    to.pack("tokens").pack(seats.tokens);
  });
}

} // namespace game

} // namespace troupe
