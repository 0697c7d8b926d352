// A member that stops reading: joins a room over WebSocket, reads nothing until SIGTERM or the end
// of its time, then reads what is left and prints how the server treated it:
//
//   stalled_reader --port PORT --path /rooms/slow --seconds 20
//   open | closed CODE | ended (no close frame) | reset      and the bytes and frames read at the
//   end
//
// Its receive buffer is as small as the kernel allows, so that the server's own queue fills early.
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

int connect_to(std::uint16_t port) {
  const auto descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int smallest = 1;
  if (descriptor < 0
      || ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest) != 0)
    fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("connect");
  return descriptor;
}

/// Reads byte by byte, so that nothing behind the response is taken from the kernel.
void shake_hands(int descriptor, const std::string& path) {
  const auto request = "GET " + path
                       + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0)
    fail("send");
  std::string response;
  while (!response.ends_with("\r\n\r\n")) {
    char byte = 0;
    if (::recv(descriptor, &byte, 1, 0) != 1)
      throw std::runtime_error{"the server closed during the handshake"};
    response += byte;
  }
  if (!response.starts_with("HTTP/1.1 101"))
    throw std::runtime_error{"refused: " + response.substr(0, response.find('\r'))};
}

void sleep_until_told(int seconds) {
  sigset_t told;
  sigemptyset(&told);
  sigaddset(&told, SIGTERM);
  const timespec limit{seconds, 0};
  ::sigtimedwait(&told, nullptr, &limit);
}

/// Finds whole frames in a byte stream and remembers the code of a close frame.
class frame_counter {
public:
  void take(const char* bytes, std::size_t size) {
    bytes_ += size;
    pending_.append(bytes, size);
    std::size_t start = 0;
    while (const auto length = whole_frame(start))
      start += length;
    pending_.erase(0, start);
  }

  int close_code() const { return close_code_; }
  std::size_t frames() const { return frames_; }
  std::size_t bytes() const { return bytes_; }

private:
  std::uint64_t number(std::size_t at, std::size_t width) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value = value << 8 | static_cast<unsigned char>(pending_[at + i]);
    return value;
  }

  /// @returns the length of the frame at `start`, or 0 if it is not there as a whole.
  std::size_t whole_frame(std::size_t start) {
    const auto available = pending_.size() - start;
    if (available < 2)
      return 0;
    const auto small = number(start + 1, 1) & 0x7f;
    std::size_t const width = small == 126 ? 2 : small == 127 ? 8 : 0;
    if (available < 2 + width)
      return 0;
    const auto length = width == 0 ? small : number(start + 2, width);
    if (available < 2 + width + length)
      return 0;
    ++frames_;
    if ((number(start, 1) & 0x0f) == 8)
      close_code_ = length < 2 ? 1005 : static_cast<int>(number(start + 2 + width, 2));
    return 2 + width + length;
  }

  std::string pending_;
  std::size_t bytes_ = 0;
  std::size_t frames_ = 0;
  int close_code_ = 0;
};

/// Reads until the end, a close frame, or one second of silence.
std::string drain(int descriptor, frame_counter& counter) {
  std::array<char, 64 * 1024> buffer{};
  pollfd ready{descriptor, POLLIN, 0};
  while (counter.close_code() == 0) {
    if (::poll(&ready, 1, 1000) <= 0)
      return "open";
    const auto size = ::recv(descriptor, buffer.data(), buffer.size(), 0);
    if (size <= 0)
      return size == 0 ? "ended" : "reset";
    counter.take(buffer.data(), static_cast<std::size_t>(size));
  }
  return "closed " + std::to_string(counter.close_code());
}

} // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options{{"--path", "/ws"}, {"--seconds", "30"}};
  for (int i = 1; i + 1 < argc; i += 2)
    options[argv[i]] = argv[i + 1];
  sigset_t told;
  sigemptyset(&told);
  sigaddset(&told, SIGTERM);
  sigprocmask(SIG_BLOCK, &told, nullptr);
  try {
    const auto port = static_cast<std::uint16_t>(std::stoi(options["--port"]));
    const auto descriptor = connect_to(port);
    shake_hands(descriptor, options["--path"]);
    sleep_until_told(std::stoi(options["--seconds"]));
    frame_counter counter;
    const auto verdict = drain(descriptor, counter);
    std::cout << verdict << " (" << counter.bytes() << " bytes, " << counter.frames()
              << " frames)\n";
    ::close(descriptor);
  } catch (const std::exception& error) {
    std::cerr << "stalled_reader: " << error.what() << '\n';
    return 1;
  }
}
