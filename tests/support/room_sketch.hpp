#pragma once
#include "actors/room_state.hpp"
#include "protocol/native.hpp"
#include "tests/support/still_runtime.hpp"

#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// A room on two shards that a test drives directly; odd connection ids live on shard 0.
class room_sketch {
public:
  /// @param set_up  gets the rules before the room is made.
  template <class SetUp>
  explicit room_sketch(SetUp set_up) {
    auto& endpoint = still.add_endpoint(speaks::native);
    set_up(endpoint.rooms());
    still.start(2);
    auto handle = std::make_shared<actors::room_handle>();
    handle->number = 7;
    handle->name = "arena";
    handle->rules = &endpoint.rules_for("arena");
    room = std::make_unique<actors::room_state>(still.shared, *still.shared.shards[0], handle,
                                                [this] { ++flushes; });
  }

  void join(connection_id who, std::string identity = {}, std::uint64_t ask_id = 0) {
    auto request = std::make_shared<actors::join_room>();
    request->who.id = who;
    request->who.how = {.speaks = protocol::wire::native, .is_compressed = false};
    if (!identity.empty())
      request->who.identity = std::make_shared<const std::string>(std::move(identity));
    request->room = "arena";
    request->ask_id = ask_id;
    room->admit({request, ++joins});
  }

  void input(connection_id from, std::string_view event, payload content = {},
             const delivery& how = {}) {
    auto gate = std::make_shared<actors::flow_gate>(64U);
    actors::room_input request{{.sender = from,
                                .name = {.number = 0, .text = std::string{event}},
                                .content = std::move(content),
                                .how = how},
                               gate,
                               room->handle()};
    room->input(request);
  }

  /// What has been said since the last call, one line per item.
  std::vector<std::string> said() {
    std::vector<std::string> lines;
    if (auto batch = room->take_batch())
      for (auto& item : batch->items)
        lines.push_back(describe(item));
    return lines;
  }

  still_runtime still;
  std::unique_ptr<actors::room_state> room;
  std::uint64_t joins = 0;
  int flushes = 0;

private:
  static std::string describe(const actors::room_batch::item& item) {
    using kind = actors::room_batch::kind;
    auto id = std::to_string(item.id);
    switch (item.what) {
    case kind::broadcast:
      return (item.id == 0 ? "all: " : "all but " + id + ": ")
             + describe(item.frames[protocol::encoding{protocol::wire::native, false}.index()]);
    case kind::direct:
      return "to " + id + ": " + describe(item.frames[0]);
    case kind::join:
      return "in " + id + ": " + describe(item.frames[0]);
    case kind::leave:
      return "out " + id + ": " + describe(item.frames[0]);
    }
    return {};
  }

  static std::string describe(const protocol::frame_ptr& frame) {
    auto decoded = protocol::decode_server(frame->bytes().subspan(2)); // all are short
    if (!decoded)
      return "undecodable";
    auto& what = *decoded;
    switch (what.op) {
    case protocol::operation::joined:
      return "joined " + std::string{what.text} + " of " + std::to_string(what.members);
    case protocol::operation::left:
      return "left for " + std::to_string(static_cast<int>(what.reason));
    case protocol::operation::room_event:
      return std::string{what.name.text} + " from " + std::to_string(what.sender);
    case protocol::operation::presence:
      return what.kind == protocol::presence_kind::came ? "came" : "went";
    case protocol::operation::restarted:
      return "restarted " + std::to_string(what.epoch);
    case protocol::operation::error:
      return "error " + std::to_string(static_cast<int>(what.code)) + " " + std::string{what.text};
    default:
      return "operation " + std::to_string(static_cast<int>(what.op));
    }
  }
};

} // namespace troupe::test
