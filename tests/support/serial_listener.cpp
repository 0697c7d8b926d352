#include "tests/support/serial_listener.hpp"

#include <sys/socket.h>
#include <utility>

namespace troupe::test {

using boost::asio::ip::tcp;

serial_listener::serial_listener(std::function<void(stream&)> serve)
    : serve_{std::move(serve)},
      acceptor_{context_, {boost::asio::ip::make_address("127.0.0.1"), 0}},
      thread_{[this] { run(); }} {}

serial_listener::~serial_listener() {
  is_stopping_ = true;
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  {
    const std::lock_guard lock{mutex_};
    if (socket_ >= 0)
      ::shutdown(socket_, SHUT_RDWR);
  }
  thread_.join();
}

std::string serial_listener::url() const {
  return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/test";
}

void serial_listener::run() {
  while (!is_stopping_) {
    try {
      serve_next();
    } catch (const boost::system::system_error&) { // the connection ended in some way
    }
    set_socket(-1);
  }
}

void serial_listener::serve_next() {
  stream connection{acceptor_.accept()};
  set_socket(connection.next_layer().native_handle());
  serve_(connection);
}

void serial_listener::set_socket(int descriptor) {
  const std::lock_guard lock{mutex_};
  socket_ = descriptor;
}

void drop(serial_listener::stream& connection) {
  connection.next_layer().shutdown(tcp::socket::shutdown_both);
  connection.next_layer().close();
}

} // namespace troupe::test
