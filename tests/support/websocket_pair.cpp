#include "tests/support/websocket_pair.hpp"

#include "protocol/deflate.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::test {
namespace {

std::pair<int, int> make_ends() {
  int ends[2]{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error{errno, std::system_category(), "socketpair"};
  return {ends[0], ends[1]};
}

} // namespace

websocket_pair::websocket_pair(net::websocket_settings settings)
    : websocket_pair{std::move(settings), make_ends()} {}

websocket_pair::websocket_pair(net::websocket_settings settings, std::pair<int, int> ends)
    : client{std::make_shared<net::websocket_core>(
        std::make_unique<net::client_channel>(ends.first), std::move(settings))},
      server_{ends.second} {}

websocket_pair::~websocket_pair() {
  hang_up();
}

void websocket_pair::hang_up() {
  if (server_ >= 0)
    ::close(std::exchange(server_, -1));
}

void websocket_pair::send(std::string_view bytes) {
  if (::send(server_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
      != static_cast<ssize_t>(bytes.size()))
    throw std::system_error{errno, std::system_category(), "the socket takes no more"};
}

void websocket_pair::send_frame(int first_byte, std::string_view payload) {
  send(server_frame(first_byte, payload));
}

std::string websocket_pair::written() {
  std::string bytes;
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto count = ::recv(server_, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count <= 0)
      return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

std::vector<std::string> websocket_pair::heard(bool notes_frames) {
  protocol::inflater inflate;
  collect();
  const auto outcome = read_stream(std::exchange(collected_, {}), {},
                                   {.limits = {.max_message_bytes = 1 << 20},
                                    .inflate = client.is_compressed() ? &inflate : nullptr,
                                    .notes_frames = notes_frames});
  auto events = outcome.events;
  if (outcome.error != errc::ok)
    events.push_back("error " + std::string{to_string(outcome.error)});
  if (!outcome.is_idle)
    events.emplace_back("incomplete");
  return events;
}

std::string server_frame(int first_byte, std::string_view payload) {
  return encode({.first_byte = static_cast<std::uint8_t>(first_byte),
                 .payload = std::string{payload},
                 .is_masked = false});
}

std::string describe(const websocket_status& status) {
  return "error " + std::to_string(static_cast<int>(status.code)) + " "
         + std::to_string(status.close_code) + " " + status.text;
}

std::string read_text(websocket& from) {
  const auto got = from.read_message();
  if (!got)
    return describe(got.error());
  return (got->type == message_type::text ? "text " : "binary ") + std::string{got->text()};
}

} // namespace troupe::test
