#include "bench/ticks/tick_clients.hpp"

#include "troupe/payload.hpp"
#include "troupe/payload_sink.hpp"

#include "net/client_state.hpp"
#include "net/event_loop.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/varint.hpp"
#include "protocol/ws_reader.hpp"
#include "protocol/ws_writer.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace troupe;
using protocol::operation;
using std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "clients: %s\n", why.c_str());
  std::_Exit(1);
}

/// A player: joins, sends inputs when told to, confirms patches.
class player final : public net::io_handler {
public:
  player(net::event_loop& loop, const client_load& load, const seat& mine)
      : seat_{mine}, socket_{connect_to(load.port)} {
    shake_hands();
    loop.add(socket_, *this, net::io_interest::read);
  }
  player(const player&) = delete;
  player& operator=(const player&) = delete;

  void steer(std::int32_t by) {
    if (room_ != 0)
      publish("swim", make_payload(std::tuple{by}));
  }

  // -- of the reader ----
  bool on_frame(bool, std::size_t) { return true; }
  bool on_ping(byte_view) { return true; }
  bool on_pong(byte_view) { return true; }
  bool on_close(std::uint16_t code, std::string_view) {
    fail("closed with " + std::to_string(code));
  }
  bool on_message(protocol::opcode, std::span<std::byte> bytes) {
    const auto got = protocol::decode_server(bytes);
    if (!got)
      fail("a malformed message");
    take(*got);
    return true;
  }

private:
  static int connect_to(std::uint16_t port) {
    const auto made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("cannot connect");
    return made;
  }

  /// Reads byte by byte, so that nothing behind the response is taken from the kernel.
  void shake_hands() {
    send_bytes(as_bytes("GET /rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Protocol: troupe.v1\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    std::string response;
    for (char byte = 0; !response.ends_with("\r\n\r\n"); response += byte)
      if (::recv(socket_, &byte, 1, 0) != 1)
        fail("closed during the handshake");
    if (!response.starts_with("HTTP/1.1 101"))
      fail(response.substr(0, response.find('\r')));
  }

  void on_ready(net::io_interest) noexcept override {
    static std::array<std::byte, 64 * 1024> buffer;
    const auto size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN))
      fail("lost a connection");
    if (size > 0
        && reader_.feed({buffer.data(), static_cast<std::size_t>(size)}, *this, {}).error
               != errc::ok)
      fail("a broken frame");
  }

  void take(const protocol::message& got) {
    switch (got.op) {
    case operation::hello:
      events_ = net::read_hello(got).events;
      return join();
    case operation::joined:
      room_ = got.room;
      return publish("state.begin", {});
    case operation::error:
      fail(std::string{got.text});
    case operation::room_event:
      if (got.name.is_number() && events_.at(got.name.number) == "state.patch")
        confirm(got.payload);
      return;
    default:
      return;
    }
  }

  /// The tick stands behind the byte that says what the message is.
  void confirm(byte_view patch) {
    publish("state.confirm", make_payload(protocol::read_varint(patch.subspan(1)).value));
  }

  void join() {
    const auto content = make_payload(seat_.token);
    send({.op = operation::join, .ask_id = 1, .text = seat_.room, .payload = content.bytes});
  }

  void publish(std::string_view event, const payload& content) {
    send({.op = operation::publish,
          .content = content.kind,
          .room = room_,
          .name = {.number = 0, .text = event},
          .payload = content.bytes});
  }

  void send(const protocol::message& what) {
    const auto bytes = protocol::encode_client(what);
    send_bytes(protocol::make_masked_frame(protocol::opcode::binary, bytes, {})->bytes());
  }

  void send_bytes(byte_view bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
        != static_cast<ssize_t>(bytes.size()))
      fail("cannot send");
  }

  const seat& seat_;
  const int socket_;
  protocol::ws_reader reader_{protocol::ws_role::client};
  std::vector<std::string> events_;
  std::uint64_t room_ = 0;
};

} // namespace

[[noreturn]] void play(const client_load& load) {
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  net::event_loop loop;
  std::vector<std::unique_ptr<player>> players;
  for (const auto& mine : load.seats) {
    players.push_back(std::make_unique<player>(loop, load, mine));
    loop.wait(steady_clock::time_point{});
    loop.dispatch();
  }
  // One input after the other, evenly spread.
  const std::chrono::nanoseconds pause{1'000'000'000 / (load.inputs_per_s * players.size())};
  auto due = steady_clock::now();
  for (std::size_t turn = 0;; ++turn, due += pause) {
    while (steady_clock::now() < due) {
      loop.wait(due);
      loop.dispatch();
    }
    players[turn % players.size()]->steer(turn % 2 == 0 ? 1 : -1);
  }
}
