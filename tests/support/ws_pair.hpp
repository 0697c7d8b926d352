#pragma once
#include "net/reactor.hpp"
#include "net/ws_connection.hpp"
#include "tests/support/ws_frames.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace troupe::test {

/// Writes down what a connection reports, one line per event, and does what a test asks for then.
struct noted_events final : net::connection_events {
  std::vector<std::string> lines;
  std::function<void(byte_view)> ping;
  std::function<void()> close_frame;
  std::function<void()> drained;
  bool pauses = false;

  bool on_message(protocol::opcode, std::span<std::byte> bytes) noexcept override {
    lines.push_back("message " + std::string{as_text(bytes)});
    return !pauses;
  }
  bool on_part(protocol::opcode, byte_view bytes, protocol::message_place place) noexcept override {
    lines.push_back(std::string{place.is_first ? "first " : ""} + (place.is_last ? "last " : "")
                    + "part " + std::string{as_text(bytes)});
    return !pauses;
  }
  void on_ping(byte_view payload) noexcept override {
    lines.push_back("ping " + std::string{as_text(payload)});
    if (ping)
      ping(payload);
  }
  void on_pong(byte_view payload) noexcept override {
    lines.push_back("pong " + std::string{as_text(payload)});
  }
  void on_close_frame(std::uint16_t code, std::string_view reason) noexcept override {
    lines.push_back("close frame " + std::to_string(code) + " " + std::string{reason});
    if (close_frame)
      close_frame();
  }
  void on_drained() noexcept override {
    lines.push_back("drained");
    if (drained)
      drained();
  }
  void on_detached() noexcept override { lines.push_back("detached"); }
  bool on_rate_limited() noexcept override { return false; }
  void on_closed(errc why, std::uint16_t code, std::string_view) noexcept override {
    lines.push_back("closed " + std::to_string(static_cast<int>(why)) + " " + std::to_string(code));
  }
  void on_finished() noexcept override { lines.push_back("finished"); }
};

/// A `ws_connection` and the other end of its socket, moved by hand: nothing happens but in `turn`.
class ws_pair {
public:
  explicit ws_pair(net::ws_options settings = {}, bool is_compressed = false)
      : options{std::move(settings)} {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::runtime_error{"no socket pair"};
    peer = ends[1];
    socket.emplace(home, net::tcp_socket{ends[0]}, events, options);
    if (is_compressed)
      socket->allow_compression();
    socket->start({});
  }
  ~ws_pair() {
    socket.reset();
    ::close(peer);
  }
  ws_pair(const ws_pair&) = delete;
  ws_pair& operator=(const ws_pair&) = delete;

  void turn() {
    home.wait(net::steady_clock::now());
    home.flush();
  }
  /// What the connection reports when the peer sends `bytes`.
  std::vector<std::string> receive(std::string_view bytes) {
    events.lines.clear();
    (void)::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    turn();
    return events.lines;
  }
  /// What the connection has sent since the last call.
  std::string sent() {
    home.flush();
    return taken();
  }
  /// What the peer reads without the connection doing anything.
  std::string taken() const {
    std::string all;
    std::array<char, 65536> buffer;
    for (ssize_t got = 0; (got = ::recv(peer, buffer.data(), buffer.size(), 0)) > 0;)
      all.append(buffer.data(), static_cast<std::size_t>(got));
    return all;
  }
  /// Lets `time` pass without anything on the socket.
  void wait(std::chrono::milliseconds time) {
    home.timers.advance(home.now() + time);
    home.flush();
  }

  net::reactor home;
  net::ws_options options;
  noted_events events;
  int peer = -1;
  std::optional<net::ws_connection> socket;
};

/// A server's frame of up to 125 bytes.
inline std::string short_frame(int first_byte, std::string_view payload) {
  return std::string{static_cast<char>(first_byte), static_cast<char>(payload.size())}.append(
      payload);
}

} // namespace troupe::test
