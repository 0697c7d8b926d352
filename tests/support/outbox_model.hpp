#pragma once
#include "net/outbox.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// A frame with these bytes and `room` free behind them.
inline protocol::frame_ptr text_frame(std::string_view text, std::size_t room = 0) {
  auto result = protocol::frame_ptr::allocate(text.size() + room);
  if (!text.empty())
    std::memcpy(result.spare().data(), text.data(), text.size());
  result.grow(text.size());
  return result;
}

/// What `net::outbox` promises, in the simplest form: a vector of strings.
class outbox_model {
public:
  struct entry {
    std::string bytes;
    delivery how;
    net::time_point expires;
  };

  verdict push(const std::string& bytes, const delivery& how, net::time_point now,
               std::size_t limit) {
    auto priority = how.cls == delivery_class::droppable ? how.priority : 255;
    if (how.cls == delivery_class::latest)
      if (auto queued = find_latest(how.key))
        return replace(*queued, bytes, limit);
    if (size() + bytes.size() > limit)
      make_room(bytes.size(), priority, limit);
    if (size() + bytes.size() > limit && size() != 0)
      return how.cls == delivery_class::ordered ? verdict::overflow : verdict::dropped;
    auto expires = how.deadline.count() > 0 ? now + how.deadline : net::time_point::max();
    entries.push_back({bytes, how, expires});
    return verdict::queued;
  }

  void expire(net::time_point now) {
    remove_waiting_if([now](const entry& each) {
      return each.how.cls == delivery_class::droppable && each.expires <= now;
    });
  }

  /// @returns the bytes that go to the wire.
  std::string consume(std::size_t count) {
    auto result = wire().substr(0, count);
    written += count;
    while (!entries.empty() && written >= entries[0].bytes.size()) {
      written -= entries[0].bytes.size();
      entries.erase(entries.begin());
    }
    return result;
  }

  void keep_only_started() {
    remove_waiting_if([](const entry&) { return true; });
  }

  std::string wire() const {
    std::string result;
    for (auto& each : entries)
      result += each.bytes;
    return result.substr(written);
  }

  std::size_t size() const { return wire().size(); }

  std::vector<entry> entries;
  std::size_t written = 0; ///< of the first entry

private:
  std::size_t first_waiting() const { return written != 0 ? 1 : 0; }

  verdict replace(std::size_t which, const std::string& bytes, std::size_t limit) {
    auto others = size() - entries[which].bytes.size();
    if (bytes.size() > entries[which].bytes.size() && others + bytes.size() > limit) {
      auto key = entries[which].how.key;
      make_room(bytes.size() - entries[which].bytes.size(), 255, limit);
      which = *find_latest(key);
      others = size() - entries[which].bytes.size();
      if (others + bytes.size() > limit && others != 0)
        return verdict::dropped;
    }
    entries[which].bytes = bytes;
    return verdict::replaced;
  }

  std::optional<std::size_t> find_latest(std::uint64_t key) const {
    for (auto i = first_waiting(); i < entries.size(); ++i)
      if (entries[i].how.cls == delivery_class::latest && entries[i].how.key == key)
        return i;
    return std::nullopt;
  }

  void make_room(std::size_t needed, int priority, std::size_t limit) {
    for (int victim = 0; victim <= priority; ++victim)
      for (auto i = first_waiting(); i < entries.size() && size() + needed > limit;) {
        auto& how = entries[i].how;
        if (how.cls == delivery_class::droppable && how.priority == victim)
          entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
        else
          ++i;
      }
  }

  template <class Predicate>
  void remove_waiting_if(Predicate unwanted) {
    auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first_waiting());
    entries.erase(std::remove_if(begin, entries.end(), unwanted), entries.end());
  }
};

} // namespace troupe::test
