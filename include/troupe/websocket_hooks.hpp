#pragma once
#include "troupe/bytes.hpp"
#include "troupe/close_code.hpp"
#include "troupe/compression.hpp"
#include "troupe/hooks.hpp"
#include "troupe/websocket_control.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

using part_hook = std::function<void(connection&, const message_part&)>;
using frame_hook = std::function<void(connection&, byte_view payload)>;
using close_frame_hook =
    std::function<void(connection&, std::uint16_t code, std::string_view reason)>;

/// What an endpoint does about single frames; see the functions of the same names there.
struct websocket_hooks {
  part_hook part;
  frame_hook ping;
  frame_hook pong;
  close_frame_hook close_frame;
  connect_hook drained;
  std::optional<compression> packing;
};

/// For `endpoint::on_message_part`: all messages of a connection as one endless stream of bytes,
/// with `terminator` behind each.
part_hook join_messages(std::function<void(connection&, byte_view)> sink, std::string terminator);

/// Whether the client ended the connection with one of `codes`; 1006 stands for a connection that
/// was lost. What this server found fault with, or gave up waiting for, is none of it: see
/// `info.why`.
bool is_close_error(const close_info& info, std::initializer_list<close_code> codes) noexcept;

/// Whether the client ended the connection, or lost it, with none of the `expected` codes.
bool is_unexpected_close_error(const close_info& info,
                               std::initializer_list<close_code> expected) noexcept;

} // namespace troupe
