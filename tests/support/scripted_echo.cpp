#include "tests/support/scripted_echo.hpp"

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <mutex>
#include <sys/socket.h>

namespace troupe::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

struct scripted_echo::machinery {
  asio::io_context context;
  tcp::acceptor acceptor{context, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::mutex mutex;
  std::vector<int> descriptors; ///< of all connections that are open; guarded by mutex
  std::vector<std::thread> threads;
};

namespace {

void serve(tcp::socket& socket, const scripted_echo::script& answer) {
  beast::websocket::stream<tcp::socket&> stream{socket};
  beast::error_code error;
  stream.accept(error);
  stream.binary(true);
  beast::flat_buffer buffer;
  for (int number = 0; !error; ++number) {
    stream.read(buffer, error);
    if (error)
      return;
    const auto replies = answer(beast::buffers_to_string(buffer.data()), number);
    buffer.clear();
    for (const auto& reply : replies)
      stream.write(asio::buffer(reply), error);
  }
}

} // namespace

scripted_echo::scripted_echo(script answer)
    : answer_{std::move(answer)}, io_{std::make_unique<machinery>()}, thread_{[this] {
        accept_all();
      }} {}

scripted_echo::~scripted_echo() {
  is_stopping_ = true;
  ::shutdown(io_->acceptor.native_handle(), SHUT_RDWR);
  thread_.join();
  {
    const std::lock_guard lock{io_->mutex};
    for (const int descriptor : io_->descriptors)
      ::shutdown(descriptor, SHUT_RDWR);
  }
  for (auto& each : io_->threads)
    each.join();
}

std::string scripted_echo::port() const {
  return std::to_string(io_->acceptor.local_endpoint().port());
}

void scripted_echo::accept_all() {
  for (;;) {
    beast::error_code error;
    tcp::socket socket{io_->context};
    io_->acceptor.accept(socket, error);
    if (error || is_stopping_)
      return;
    const int descriptor = socket.native_handle();
    {
      const std::lock_guard lock{io_->mutex};
      io_->descriptors.push_back(descriptor);
    }
    io_->threads.emplace_back([this, descriptor, moved = std::move(socket)]() mutable {
      serve(moved, answer_);
      const std::lock_guard lock{io_->mutex};
      std::erase(io_->descriptors, descriptor);
    });
  }
}

} // namespace troupe::test
