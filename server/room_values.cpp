#include "server/room_values.hpp"

#include "troupe/game/read_named.hpp"

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

bool read_conditions(value_reader& in, std::string_view key, game::room_filter& to, mismatch& why) {
  return read_members(in, why, [&](std::string_view sign) {
    const auto how = comparison_of(sign);
    if (!how)
      return misfit(why, "one of == != < <= > >=", '"' + std::string{sign} + '"');
    game::condition made{.key = std::string{key}, .value = {}, .how = *how};
    if (!read_value(in, made.value, why))
      return false;
    to.push_back(std::move(made));
    return true;
  });
}

bool read_filter(value_reader& in, game::room_filter& to, mismatch& why) {
  return read_members(in, why, [&](std::string_view key) {
    if (in.peek().kind == value_kind::map)
      return read_conditions(in, key, to, why);
    game::metadata_value value;
    if (!read_value(in, value, why))
      return false;
    to.push_back({.key = std::string{key}, .value = std::move(value)});
    return true;
  });
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

bool read_seats(value_reader& in, std::uint32_t& to, mismatch& why) {
  if (!read_value(in, to, why))
    return false;
  return to > 0 || misfit(why, "integer from 1", "0");
}

std::size_t size_of(const game::metadata_value& value) noexcept {
  const auto* const text = std::get_if<std::string>(&value.held());
  return text ? text->size() : sizeof(std::int64_t);
}

/// Lobbies show a hundred of them in one message.
bool is_short_enough(const game::room_request& wanted, mismatch& why) {
  constexpr std::size_t most = 1'024;
  std::size_t size = wanted.kind.size();
  for (const auto& each : wanted.filter)
    size += each.key.size() + size_of(each.value);
  for (const auto& [key, value] : wanted.metadata)
    size += key.size() + size_of(value);
  return size <= most
         || misfit(why, "at most " + std::to_string(most) + " bytes of filter and metadata",
                   std::to_string(size));
}

bool read_member(std::string_view name, value_reader& in, game::room_request& to, mismatch& why) {
  if (name == "kind")
    return read_value(in, to.kind, why);
  if (name == "filter")
    return read_filter(in, to.filter, why);
  if (name == "sort")
    return read_sort(in, to.sort, why);
  if (name == "seats")
    return read_seats(in, to.seats, why);
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

bool read_member(std::string_view name, value_reader& in, game::join_wish& to, mismatch& why) {
  if (name == "room")
    return read_value(in, to.room, why);
  if (name == "password")
    return read_value(in, to.password, why);
  if (name == "seats")
    return read_seats(in, to.seats, why);
  return misfit(why, "room, password or seats", '"' + std::string{name} + '"');
}

bool read_member(std::string_view name, value_reader& in, game::match_wish& to, mismatch& why) {
  if (name == "kind")
    return read_value(in, to.kind, why);
  if (name == "rating")
    return read_value(in, to.rating, why);
  if (name == "size")
    return read_value(in, to.size, why);
  return misfit(why, "kind, rating or size", '"' + std::string{name} + '"');
}

/// The members of a map, each as its `read_member` says.
template <class T>
bool read_members(value_reader& in, T& to, mismatch& why) {
  return read_named(in, why, [&](std::string_view name) { return read_member(name, in, to, why); });
}

} // namespace

bool value_adaptor<game::room_request>::operator()(value_reader& in, game::room_request& to,
                                                   mismatch& why) const {
  return read_members(in, to, why) && is_short_enough(to, why);
}

bool value_adaptor<game::join_wish>::operator()(value_reader& in, game::join_wish& to,
                                                mismatch& why) const {
  return read_members(in, to, why) && (!to.room.empty() || misfit(why, "member room", "none"));
}

bool value_adaptor<game::match_wish>::operator()(value_reader& in, game::match_wish& to,
                                                 mismatch& why) const {
  return read_members(in, to, why);
}

namespace game {

namespace {

void pack(payload_packer& to, const listing& room) {
  to.pack_map(7);
  to.pack("id").pack(room.id);
  to.pack("kind").pack(room.kind);
  to.pack("players").pack(room.players);
  to.pack("max_players").pack(room.max_players);
  to.pack("locked").pack(room.is_locked);
  to.pack("password").pack(room.has_password);
  to.pack("metadata").pack(room.metadata);
}

void pack(payload_packer& to, const std::vector<listing>& rooms) {
  to.pack_array(static_cast<std::uint32_t>(rooms.size()));
  for (const auto& each : rooms)
    pack(to, each);
}

void pack_members(payload_packer& to, const seat_reservation& seats) {
  to.pack("room").pack(seats.room);
  to.pack("tokens").pack(seats.tokens);
}

void pack_members(payload_packer& to, const match_seats& made) {
  pack_members(to, made.seats);
  to.pack("team").pack(made.team);
  to.pack("teams").pack(made.teams);
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
    pack_members(to, seats);
  });
}

payload to_payload(const match_seats& made) {
  return make_one([&](auto& to) {
    to.pack_map(4);
    pack_members(to, made);
  });
}

payload to_payload(const match_status& status) {
  return make_one([&](auto& to) {
    to.pack_map(status.made ? 5 : 3);
    to.pack("state").pack(status.made ? "matched" : "waiting");
    if (status.made)
      return pack_members(to, *status.made);
    to.pack("seconds").pack(std::chrono::duration<double>{status.waited}.count());
    to.pack("waiting").pack(status.waiting);
  });
}

} // namespace game

} // namespace troupe
