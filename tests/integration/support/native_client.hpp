#pragma once
#include "troupe/arguments.hpp"
#include "troupe/payload.hpp"

#include "protocol/native.hpp"
#include "protocol/native_encode.hpp"
#include "tests/integration/support/ws_client.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace troupe::test {

/// A message of the server that owns its bytes.
class native_message {
public:
  explicit native_message(std::string bytes);
  native_message(native_message&&) = default; // the views stay right: vectors keep their memory
  native_message& operator=(native_message&&) = default;

  const protocol::message* operator->() const noexcept { return &fields_; }
  const protocol::message& operator*() const noexcept { return fields_; }

  /// The payload as arguments. @throws if it does not fit.
  template <class... Args>
  std::tuple<Args...> arguments() const {
    auto values = unpack_args<std::tuple<Args...>>(payload_view{fields_.payload, fields_.content});
    if (!values)
      throw std::runtime_error{"The payload does not fit: " + values.error().text};
    return *std::move(values);
  }
  template <class T>
  T argument() const {
    return std::get<0>(arguments<T>());
  }

private:
  std::vector<std::byte> bytes_;
  protocol::message fields_;
};

/// A client of `troupe.v1` on `ws_client`, built from the codec alone.
class native_client {
public:
  /// Connects and reads the hello.
  explicit native_client(std::uint16_t port, std::string_view target = "/chat",
                         std::string_view fields = {});
  native_client(std::unique_ptr<byte_stream> stream, std::string_view target,
                std::string_view fields = {});

  ws_client& ws() noexcept { return ws_; }
  const native_message& hello() const noexcept { return *hello_; }
  std::uint64_t id() const noexcept { return (*hello_)->connection; }
  const std::vector<std::string>& events() const noexcept { return events_; }

  void send(const protocol::message& what);
  void send_bytes(std::string_view bytes) { ws_.send_binary(bytes); }

  template <class... Args>
  void emit(std::string_view event, const Args&... args) {
    auto content = make_payload(args...);
    send({.op = protocol::operation::event,
          .content = content.kind,
          .name = {.number = 0, .text = event},
          .payload = content.bytes});
  }
  /// @returns the number of the ask.
  template <class... Args>
  std::uint64_t ask(std::string_view event, const Args&... args) {
    auto content = make_payload(args...);
    send({.op = protocol::operation::ask,
          .content = content.kind,
          .ask_id = ++last_ask_,
          .name = {.number = 0, .text = event},
          .payload = content.bytes});
    return last_ask_;
  }
  template <class... Args>
  void publish(std::uint64_t room, std::string_view event, const Args&... args) {
    auto content = make_payload(args...);
    send({.op = protocol::operation::publish,
          .content = content.kind,
          .room = room,
          .name = {.number = 0, .text = event},
          .payload = content.bytes});
  }
  std::uint64_t request_join(std::string_view room);
  /// Joins and waits. @returns the room's number.
  std::uint64_t join(std::string_view room);
  void leave(std::uint64_t room) {
    send({.op = protocol::operation::leave, .ask_id = ++last_ask_, .room = room});
  }

  /// The next message, whatever it is.
  native_message next() { return native_message{ws_.next_message()}; }
  /// The next message with this operation; others are thrown away.
  native_message wait_for(protocol::operation op);
  /// Text of an event's name.
  std::string name_of(const native_message& of) const;

private:
  ws_client ws_;
  std::optional<native_message> hello_;
  std::vector<std::string> events_;
  std::uint64_t last_ask_ = 0;
};

} // namespace troupe::test
