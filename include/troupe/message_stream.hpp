#pragma once
#include "troupe/bytes.hpp"
#include "troupe/result.hpp"
#include "troupe/websocket_types.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace troupe {

namespace net {
class websocket_core;
}

/// Reads one message of a `websocket` piece by piece, so that it never has to fit into memory.
///
/// Threading:  belongs to the thread that reads the websocket.
/// Ownership:  may outlive the websocket; reading then fails.
/// Errors:     as `websocket`. A message that was cut off never looks complete.
class message_reader {
public:
  message_reader(std::shared_ptr<net::websocket_core> from, message_type type,
                 std::uint64_t serial) noexcept;

  message_type type() const noexcept { return type_; }

  /// Waits for bytes of the message.
  /// @param into  not empty.
  /// @returns how many came; 0 at the end of the message, and for ever after the websocket has
  ///          gone on to the next one.
  result<std::size_t, websocket_status> read(std::span<std::byte> into);

  /// The rest of the message.
  result<websocket_message, websocket_status> read_all();

private:
  std::shared_ptr<net::websocket_core> from_;
  message_type type_;
  std::uint64_t serial_;
};

/// Writes one message of a `websocket` piece by piece.
///
/// Data messages leave as fragments of the size of the write buffer. Until `finish` other threads
/// wait with their messages; control frames go between the fragments. A control message is sent
/// by `finish`, and holds at most 125 bytes.
///
/// Threading:  one thread at a time.
/// Ownership:  may outlive the websocket. The destructor finishes the message.
/// Errors:     as `websocket`; `refused` once the message is finished, also because its thread
///             began another one.
class message_writer {
public:
  message_writer(std::shared_ptr<net::websocket_core> to, message_type type,
                 std::uint64_t serial) noexcept;
  message_writer(message_writer&& other) noexcept = default;
  message_writer& operator=(message_writer&& other) noexcept;
  ~message_writer();

  websocket_status write(byte_view bytes);
  websocket_status write(std::string_view text) { return write(as_bytes(text)); }

  /// Sends what is left and marks the end of the message.
  websocket_status finish();

private:
  std::shared_ptr<net::websocket_core> to_;
  message_type type_;
  std::uint64_t serial_;
  std::string control_; ///< the payload of a control message
};

} // namespace troupe
