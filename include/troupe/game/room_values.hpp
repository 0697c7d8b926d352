#pragma once
#include "troupe/game/listing.hpp"
#include "troupe/game/room_request.hpp"
#include "troupe/payload.hpp"
#include "troupe/read_value.hpp"

#include <variant>

// Values of calls for game rooms as they travel, on the side of clients; docs/rooms.md has the
// list.

namespace troupe::game {

/// {kind, filter, sort, seats, options, metadata, private, password}; what is as it would be anyway
/// is left out.
payload to_payload(const room_request& wanted);

} // namespace troupe::game

namespace troupe {

/// A boolean, number or text.
template <>
struct value_adaptor<game::metadata_value> {
  bool operator()(value_reader& in, game::metadata_value& to, mismatch& why) const;
};

/// A map: {id, kind, players, max_players, locked, password, metadata}. Others are skipped.
template <>
struct value_adaptor<game::listing> {
  bool operator()(value_reader& in, game::listing& to, mismatch& why) const;
};

/// A map: {present, gone}.
template <>
struct value_adaptor<game::lobby_changes> {
  bool operator()(value_reader& in, game::lobby_changes& to, mismatch& why) const;
};

} // namespace troupe

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <>
  struct pack<troupe::game::metadata_value> {
    template <class Stream>
    packer<Stream>& operator()(packer<Stream>& to, const troupe::game::metadata_value& from) const {
      std::visit([&](const auto& held) { to.pack(held); }, from.held());
      return to;
    }
  };

  } // namespace adaptor
} // MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS)
} // namespace msgpack
