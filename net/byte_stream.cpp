#include "net/byte_stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

namespace troupe::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

class plain_layers final : public byte_stream::layers {
public:
  explicit plain_layers(asio::io_context& io) : socket_{io.get_executor()} {}

  byte_stream::socket& socket() noexcept override { return socket_; }
  void handshake(byte_stream::finished then) override { then({}); }
  void read(const few_buffers<asio::mutable_buffer>& into, byte_stream::transferred then) override {
    socket_.async_read_some(into, std::move(then));
  }
  void write(const few_buffers<asio::const_buffer>& from, byte_stream::transferred then) override {
    socket_.async_write_some(from, std::move(then));
  }
  void teardown(beast::role_type role, byte_stream::finished then) override {
    beast::websocket::async_teardown(role, socket_, std::move(then));
  }

private:
  byte_stream::socket socket_;
};

class secure_layers final : public byte_stream::layers {
public:
  secure_layers(asio::io_context& io, client_context_ptr context, const std::string& host,
                bool verify_peer)
      : context_{context.release()}, stream_{byte_stream::socket{io.get_executor()}, context_} {
    expect_host(*stream_.native_handle(), host, verify_peer);
  }

  byte_stream::socket& socket() noexcept override { return stream_.next_layer(); }
  void handshake(byte_stream::finished then) override {
    stream_.async_handshake(asio::ssl::stream_base::client, std::move(then));
  }
  void read(const few_buffers<asio::mutable_buffer>& into, byte_stream::transferred then) override {
    stream_.async_read_some(into, std::move(then));
  }
  void write(const few_buffers<asio::const_buffer>& from, byte_stream::transferred then) override {
    stream_.async_write_some(from, std::move(then));
  }
  void teardown(beast::role_type, byte_stream::finished then) override {
    stream_.async_shutdown(std::move(then));
  }

private:
  asio::ssl::context context_;
  asio::ssl::stream<byte_stream::socket> stream_;
};

} // namespace

void byte_stream::connect(const found& to, finished then) {
  asio::async_connect(layers_->socket(), to,
                      [this, then = std::move(then)](error_code ec, const tcp::endpoint&) mutable {
                        error_code ignored;
                        if (!ec)
                          layers_->socket().set_option(tcp::no_delay{true}, ignored);
                        then(ec);
                      });
}

void byte_stream::close() noexcept {
  error_code ignored;
  layers_->socket().close(ignored);
}

std::unique_ptr<byte_stream::layers> make_plain_layers(asio::io_context& io) {
  return std::make_unique<plain_layers>(io);
}

std::unique_ptr<byte_stream::layers> make_secure_layers(asio::io_context& io,
                                                        client_context_ptr context,
                                                        const std::string& host, bool verify_peer) {
  return std::make_unique<secure_layers>(io, std::move(context), host, verify_peer);
}

} // namespace troupe::net
