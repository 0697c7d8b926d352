#include "server/state_sender.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace troupe::game {

namespace {

/// Patches may be under way for half a second.
view_options windowed(view_options options, const room_options& room) {
  constexpr std::size_t least = 4;
  if (options.window == 0)
    options.window = std::max<std::size_t>(least, room.patch_rate / 2);
  return options;
}

} // namespace

state_sender::state_sender(troupe::room& room, const room_kind& kind)
    : room_{room}, feed_{kind.make_feed()}, options_{windowed(feed_->view(), kind.options)} {}

std::optional<std::string> state_sender::difference(byte_view schema) const {
  if (std::ranges::equal(schema, feed_->schema()))
    return std::nullopt;
  const auto theirs = decode_schema(schema);
  if (!theirs)
    return "the schema of the client is none: " + theirs.error().text();
  return "the states differ: " + schema_difference(*decode_schema(feed_->schema()), *theirs);
}

std::size_t state_sender::add(player_id who, connection_id where) {
  viewers_.insert_or_assign(who, viewer{.where = where, .view = client_view{options_}});
  room_.to(where).emit("state.schema", raw_bytes{feed_->schema()});
  return feed_->schema().size();
}

void state_sender::remove(player_id who) {
  viewers_.erase(who);
}

void state_sender::confirmed(player_id who, tick_number tick) {
  const auto found = viewers_.find(who);
  if (found == viewers_.end())
    return;
  if (tick == 0)
    found->second.view.rewind(0);
  else
    found->second.view.delivered(tick);
}

/// Slow with a full window, no longer with one that is half empty: who is in between stays.
void state_sender::watch(const player& who, const client_view& view) {
  const auto waiting = view.unconfirmed();
  if (who.is_slow() ? 2 * waiting <= options_.window : waiting >= options_.window)
    pressure_.push_back({who.id(), !who.is_slow()});
}

std::size_t state_sender::ticked(room_core& core) {
  if (viewers_.empty() || !is_patch_due(core.kind().options, core.tick()))
    return 0;
  feed_->publish(core.user(), core.tick());
  std::map<shared_bytes, std::vector<connection_id>> receivers;
  for (const auto& who : core.players()) {
    const auto found = viewers_.find(who.id());
    if (found == viewers_.end() || !who.is_connected())
      continue;
    watch(who, found->second.view);
    if (auto patch = feed_->patch_for(core.user(), who, found->second.view))
      receivers[std::move(patch->bytes)].push_back(found->second.where);
  }
  std::size_t sent = 0;
  for (const auto& [bytes, all] : receivers) {
    room_.send_event(std::span{all}, "state.patch", make_payload(raw_bytes{*bytes}), {});
    sent += bytes->size() * all.size();
  }
  return sent;
}

} // namespace troupe::game
