// A textbook Boost.Beast chat server: one io_context on one thread, one asynchronous session per
// connection, one queue of shared strings per session, one write per message. What a competent
// newcomer writes after reading Beast's examples; bench/run measures it beside Troupe.
//
//   /ws           each message to every connection on it, the sender included
//   /rooms/NAME   the same per room
//   /echo         each message back to its sender
#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using boost::system::error_code;

/// One message as every recipient's queue holds it: the payload is shared, never copied.
struct message {
  std::shared_ptr<const std::string> payload;
  bool is_text;
};

class session;
using room = std::unordered_set<session*>;

/// The members of each path that broadcasts.
///
/// Threading:  one thread.
/// Ownership:  sessions take themselves out before they die.
class room_map {
public:
  void join(session& member, const std::string& path) { rooms_[path].insert(&member); }
  void leave(session& member, const std::string& path);
  void broadcast(const std::string& path, const message& sent);

private:
  std::unordered_map<std::string, room> rooms_;
};

/// One connection: reads the request, accepts the upgrade, then reads and writes until it fails.
///
/// Threading:  one thread.
/// Ownership:  pending operations keep it alive.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, room_map& rooms) : stream_{std::move(socket)}, rooms_{rooms} {}
  ~session() { rooms_.leave(*this, path_); }

  void start() {
    http::async_read(stream_.next_layer(), buffer_, request_,
                     [self = shared_from_this()](error_code ec, std::size_t) {
                       if (!ec)
                         self->accept();
                     });
  }

  /// Queues `sent` and starts writing unless a write is under way.
  void send(const message& sent) {
    queue_.push_back(sent);
    if (queue_.size() == 1)
      write();
  }

private:
  void accept() {
    path_ = std::string{request_.target()};
    stream_.async_accept(request_, [self = shared_from_this()](error_code ec) {
      if (!ec)
        self->accepted();
    });
  }

  void accepted() {
    request_ = {};
    if (path_ != "/echo")
      rooms_.join(*this, path_);
    read();
  }

  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (!ec)
        self->received();
    });
  }

  void received() {
    auto payload = std::make_shared<const std::string>(beast::buffers_to_string(buffer_.data()));
    buffer_.consume(buffer_.size());
    const message sent{std::move(payload), stream_.got_text()};
    if (path_ == "/echo")
      send(sent);
    else
      rooms_.broadcast(path_, sent);
    read();
  }

  void write() {
    stream_.text(queue_.front().is_text);
    stream_.async_write(asio::buffer(*queue_.front().payload),
                        [self = shared_from_this()](error_code ec, std::size_t) {
                          if (!ec)
                            self->written();
                        });
  }

  void written() {
    queue_.pop_front();
    if (!queue_.empty())
      write();
  }

  websocket::stream<tcp::socket> stream_;
  room_map& rooms_;
  std::string path_ = "/echo";
  http::request<http::string_body> request_;
  beast::flat_buffer buffer_;
  std::deque<message> queue_;
};

void room_map::leave(session& member, const std::string& path) {
  const auto found = rooms_.find(path);
  if (found != rooms_.end() && found->second.erase(&member) != 0 && found->second.empty())
    rooms_.erase(found);
}

void room_map::broadcast(const std::string& path, const message& sent) {
  for (auto* member : rooms_[path])
    member->send(sent);
}

void accept_next(tcp::acceptor& acceptor, room_map& rooms) {
  acceptor.async_accept([&](error_code ec, tcp::socket socket) {
    if (!ec) {
      socket.set_option(tcp::no_delay{true});
      std::make_shared<session>(std::move(socket), rooms)->start();
    }
    accept_next(acceptor, rooms);
  });
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::string{argv[1]} != "--port") {
    std::cerr << "usage: beast_chat --port PORT\n";
    return 2;
  }
  try {
    room_map rooms;
    asio::io_context context{1};
    const auto port = static_cast<asio::ip::port_type>(std::stoi(argv[2]));
    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), port}};
    accept_next(acceptor, rooms);
    context.run();
  } catch (const std::exception& error) {
    std::cerr << "beast_chat: " << error.what() << '\n';
    return 1;
  }
}
