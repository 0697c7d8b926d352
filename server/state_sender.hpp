#pragma once
#include "troupe/game/client_view.hpp"
#include "troupe/game/state_feed.hpp"
#include "troupe/room.hpp"

#include "game/room_core.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe::game {

/// Shows one room's state to its players: the schema when they join, then patches.
///
/// A patch covers everything since the last one that arrived: players confirm each by its tick, and
/// who does not confirm gets no further ones, but later one that covers all it missed.
///
/// Threading:  belongs to its room.
class state_sender {
public:
  /// @param room  where the patches go.
  state_sender(troupe::room& room, const room_kind& kind);

  /// One sentence that says why a client with this schema cannot read the state.
  std::optional<std::string> difference(byte_view schema) const;
  /// @returns the bytes that were sent.
  std::size_t add(player_id who, connection_id where);
  void remove(player_id who);
  /// The player has everything up to `tick`; 0: nothing at all.
  void confirmed(player_id who, tick_number tick);
  /// Who has become slow, or has caught up, since the last call.
  std::vector<incoming::pressure> take_pressure() { return std::exchange(pressure_, {}); }
  /// After a tick: sends patches if it is time. @returns their bytes, once for each receiver.
  std::size_t ticked(room_core& core);

private:
  struct viewer {
    connection_id where = 0;
    client_view view;
  };
  void watch(const player& who, const client_view& view);

  troupe::room& room_;
  std::unique_ptr<state_feed> feed_;
  view_options options_;
  std::map<player_id, viewer> viewers_;
  std::vector<incoming::pressure> pressure_;
};

} // namespace troupe::game
