// What does the event loop itself cost? The same small WebSocket relay on three loops:
//
//   loops --loop epoll       level-triggered epoll: one epoll_wait per turn, one recv per event
//   loops --loop asio-wait   Asio, socket.async_wait before each recv
//   loops --loop asio-read   Asio, socket.async_read_some into a buffer of each connection's own
//
// /echo answers the sender, any other path is a room (sender included). Everything but the loop is
// shared: parsing, the outgoing buffers, and one send per connection at the end of a turn.
// Not a server: it trusts its client (whole handshake in one read, frames below 64 KiB, no
// fragments, no control frames). docs/adr/0006-own-event-loop.md has the figures.
#include <boost/asio.hpp>

#include <array>
#include <iostream>
#include <memory>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <unordered_map>
#include <vector>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

std::string accept_key(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  std::array<unsigned char, 29> text{};
  EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  EVP_EncodeBlock(text.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {text.begin(), text.end() - 1};
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before) + before.size();
  return text.substr(start, text.find(after, start) - start);
}

/// One connection: what came in part, and what is to be sent at the end of the turn.
struct peer {
  explicit peer(int socket) : descriptor{socket} {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  int descriptor;
  std::string path; ///< empty until the handshake is done
  std::string partial;
  std::string outgoing;
};

/// The part that all loops share.
class relay {
public:
  /// Takes bytes that arrived; queues answers.
  void receive(peer& from, char* bytes, std::size_t size) {
    if (from.path.empty())
      return shake_hands(from, {bytes, size});
    if (!from.partial.empty()) {
      from.partial.append(bytes, size);
      auto whole = std::move(from.partial);
      return read_frames(from, whole.data(), whole.size());
    }
    read_frames(from, bytes, size);
  }

  void flush() {
    for (auto* to : dirty_) {
      const auto sent =
          ::send(to->descriptor, to->outgoing.data(), to->outgoing.size(), MSG_NOSIGNAL);
      to->outgoing.erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
    }
    std::erase_if(dirty_, [](peer* to) { return to->outgoing.empty(); });
  }

  void forget(peer& gone) {
    rooms_[gone.path].erase(&gone);
    std::erase(dirty_, &gone);
  }

private:
  void shake_hands(peer& with, std::string_view request) {
    with.path = between(request, "GET ", " ");
    const auto key = accept_key(std::string{between(request, "Sec-WebSocket-Key: ", "\r\n")});
    queue(with, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Accept: "
                    + key + "\r\n\r\n");
    if (with.path != "/echo")
      rooms_[with.path].insert(&with);
  }

  void read_frames(peer& from, char* bytes, std::size_t size) {
    auto* const at = reinterpret_cast<unsigned char*>(bytes);
    std::size_t start = 0;
    while (size - start >= 8) {
      std::size_t length = at[start + 1] & 0x7f;
      std::size_t const mask = length == 126 ? start + 4 : start + 2;
      if (length == 126)
        length = static_cast<std::size_t>(at[start + 2] << 8 | at[start + 3]);
      if (size < mask + 4 + length)
        break;
      for (std::size_t i = 0; i < length; ++i)
        at[mask + 4 + i] ^= at[mask + i % 4];
      relay_frame(from, at[start], {bytes + mask + 4, length});
      start = mask + 4 + length;
    }
    from.partial.assign(bytes + start, size - start);
  }

  void relay_frame(peer& from, unsigned char first, std::string_view payload) {
    frame_.assign(1, static_cast<char>(first));
    if (payload.size() < 126) {
      frame_ += static_cast<char>(payload.size());
    } else {
      frame_ += static_cast<char>(126);
      frame_ += static_cast<char>(payload.size() >> 8);
      frame_ += static_cast<char>(payload.size() & 0xff);
    }
    frame_ += payload;
    if (from.path == "/echo")
      return queue(from, frame_);
    for (auto* member : rooms_[from.path])
      queue(*member, frame_);
  }

  void queue(peer& to, std::string_view bytes) {
    if (to.outgoing.empty())
      dirty_.push_back(&to);
    to.outgoing += bytes;
  }

  std::unordered_map<std::string, std::set<peer*>> rooms_;
  std::vector<peer*> dirty_;
  std::string frame_;
};

std::array<char, 512 * 1024> shared_buffer;

/// Reads once into the shared buffer. @returns false when the connection is over.
bool receive_once(relay& core, peer& from) {
  const auto size = ::recv(from.descriptor, shared_buffer.data(), shared_buffer.size(), 0);
  if (size <= 0)
    return size < 0 && errno == EAGAIN;
  core.receive(from, shared_buffer.data(), static_cast<std::size_t>(size));
  return true;
}

void run_epoll(relay& core, int listener) {
  const auto poller = ::epoll_create1(EPOLL_CLOEXEC);
  const auto watch = [poller](int descriptor, void* owner) {
    epoll_event event{EPOLLIN, {.ptr = owner}};
    ::epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event);
  };
  watch(listener, nullptr);
  std::array<epoll_event, 1024> events{};
  for (;;) {
    const auto count = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto* const from = static_cast<peer*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (from == nullptr) {
        const auto accepted = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted >= 0)
          watch(accepted, new peer{accepted}); // owned by the poller until the connection is over
      } else if (!receive_once(core, *from)) {
        core.forget(*from);
        ::close(from->descriptor);
        delete from;
      }
    }
    core.flush();
  }
}

/// One connection on Asio. Owned by its pending operation.
struct asio_peer : std::enable_shared_from_this<asio_peer> {
  asio_peer(relay& shared, tcp socket)
      : core{shared}, stream{std::move(socket)}, state{stream.native_handle()} {}
  ~asio_peer() { core.forget(state); }

  void wait() {
    stream.async_wait(tcp::wait_read, [self = shared_from_this()](error_code ec) {
      if (!ec && receive_once(self->core, self->state))
        self->wait();
    });
  }

  void read() {
    own_buffer.resize(16 * 1024);
    stream.async_read_some(asio::buffer(own_buffer),
                           [self = shared_from_this()](error_code ec, std::size_t size) {
                             if (ec)
                               return;
                             self->core.receive(self->state, self->own_buffer.data(), size);
                             self->read();
                           });
  }

  relay& core;
  tcp stream;
  peer state;
  std::vector<char> own_buffer;
};

using asio_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

void accept_next(asio_acceptor& acceptor, relay& core, bool waits) {
  acceptor.async_accept([&acceptor, &core, waits](error_code ec, tcp socket) {
    if (!ec) {
      socket.native_non_blocking(true);
      auto const accepted = std::make_shared<asio_peer>(core, std::move(socket));
      waits ? accepted->wait() : accepted->read();
    }
    accept_next(acceptor, core, waits);
  });
}

void run_asio(relay& core, asio::io_context& context, asio_acceptor& acceptor, bool waits) {
  accept_next(acceptor, core, waits);
  while (context.run_one() != 0) {
    context.poll();
    core.flush();
  }
}

} // namespace

int main(int argc, char** argv) {
  std::string_view const loop = argc == 5 ? argv[2] : "";
  if (loop != "epoll" && loop != "asio-wait" && loop != "asio-read") {
    std::cerr << "usage: loops --loop epoll|asio-wait|asio-read --port PORT\n";
    return 2;
  }
  relay core;
  asio::io_context context{1};
  const auto port = static_cast<asio::ip::port_type>(std::stoi(argv[4]));
  asio_acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
  acceptor.listen(4096);
  if (loop == "epoll")
    run_epoll(core, acceptor.native_handle());
  else
    run_asio(core, context, acceptor, loop == "asio-wait");
}
