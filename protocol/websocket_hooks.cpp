#include "troupe/websocket_hooks.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

namespace {

bool is_ended_by_peer(const close_info& info) noexcept {
  return info.why == errc::ok || info.why == errc::connection_lost;
}

bool has_code(const close_info& info, std::initializer_list<close_code> codes) noexcept {
  return std::find(codes.begin(), codes.end(), static_cast<close_code>(info.code)) != codes.end();
}

} // namespace

part_hook join_messages(std::function<void(connection&, byte_view)> sink, std::string terminator) {
  return [sink = std::move(sink), terminator = std::move(terminator)](connection& from,
                                                                      const message_part& part) {
    if (!part.bytes.empty())
      sink(from, part.bytes);
    if (part.is_last && !terminator.empty())
      sink(from, as_bytes(terminator));
  };
}

bool is_close_error(const close_info& info, std::initializer_list<close_code> codes) noexcept {
  return is_ended_by_peer(info) && has_code(info, codes);
}

bool is_unexpected_close_error(const close_info& info,
                               std::initializer_list<close_code> expected) noexcept {
  return is_ended_by_peer(info) && !has_code(info, expected);
}

} // namespace troupe
