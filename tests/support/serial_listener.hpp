#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace troupe::test {

/// Accepts connections of Beast's synchronous stream, one at a time: what scripted servers share.
///
/// Threading:  `serve` runs on the listener's thread; `url` on any.
/// Lifetime:   the destructor drops the connection and joins the thread.
/// Errors:     a boost::system::system_error that leaves `serve` ends the connection only.
class serial_listener {
public:
  using stream = boost::beast::websocket::stream<boost::asio::ip::tcp::socket>;

  /// @param serve  from a connection that was just accepted to its end
  explicit serial_listener(std::function<void(stream&)> serve);
  ~serial_listener();
  serial_listener(const serial_listener&) = delete;
  serial_listener& operator=(const serial_listener&) = delete;

  std::string url() const;

private:
  void run();
  void serve_next();
  void set_socket(int descriptor);

  const std::function<void(stream&)> serve_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  int socket_ = -1; ///< of the current connection; protected by the mutex
  std::thread thread_;
};

/// Ends a connection without a closing handshake.
void drop(serial_listener::stream& connection);

} // namespace troupe::test
