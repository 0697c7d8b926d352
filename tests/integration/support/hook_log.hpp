#pragma once
#include "troupe/endpoint.hpp"

#include "tests/integration/support/mailbox.hpp"

#include <string>

namespace troupe::test {

/// Writes down which hooks of a space ran, as "leave default room1 LF": L where the server wished
/// it, F where nobody could refuse.
///
/// Threading:  any.
class hook_log {
public:
  void listen(space& to) {
    to.on_connect([this](connection& c) {
        put("connect", c, {}, {c.message().is_local, false});
      })
        .on_connected([this](connection& c) {
          put("connected", c, {}, {c.message().is_local, false});
        })
        .on_disconnect(
            [this](connection& c, const close_info& why) { put("disconnect", c, {}, why.by); })
        .on_join(
            [this](connection& c, std::string_view room, cause why) { put("join", c, room, why); })
        .on_joined([this](connection& c, std::string_view room, cause why) {
          put("joined", c, room, why);
        })
        .on_leave(
            [this](connection& c, std::string_view room, cause why) { put("leave", c, room, why); })
        .on_left(
            [this](connection& c, std::string_view room, cause why) { put("left", c, room, why); });
  }

  void put(std::string line) { lines_.put(std::move(line)); }
  std::string next() { return lines_.take(); }
  std::size_t size() const { return lines_.size(); }

private:
  void put(std::string what, const connection& who, std::string_view room, cause why) {
    what.append(" ").append(who.space());
    if (!room.empty())
      what.append(" ").append(room);
    if (why.is_local || why.is_forced)
      what.append(" ").append(why.is_local ? "L" : "").append(why.is_forced ? "F" : "");
    put(std::move(what));
  }

  mailbox<std::string> lines_;
};

} // namespace troupe::test
