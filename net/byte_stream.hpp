#pragma once
#include "net/client_tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace troupe::net {

/// A completion handler of any type.
template <class... Results>
class any_handler {
public:
  template <class Handler>
  requires(!std::is_same_v<std::remove_cvref_t<Handler>, any_handler>)
      any_handler(Handler&& handler) // NOLINT: stands for the handler
      : call_{std::make_unique<kept<std::decay_t<Handler>>>(std::forward<Handler>(handler))} {}

  /// Once.
  void operator()(Results... results) { std::exchange(call_, nullptr)->run(results...); }

private:
  struct call {
    virtual ~call() = default;
    virtual void run(Results... results) = 0;
  };
  template <class Handler>
  struct kept final : call {
    template <class Given>
    explicit kept(Given&& given) : handler{std::forward<Given>(given)} {}
    void run(Results... results) override { handler(results...); }
    Handler handler;
  };
  std::unique_ptr<call> call_;
};

/// The first buffers of any sequence: reading and writing "some" need no more.
template <class Buffer>
class few_buffers {
public:
  using value_type = Buffer;
  using const_iterator = const Buffer*;

  template <class Buffers>
  explicit few_buffers(const Buffers& all) {
    for (auto each = boost::asio::buffer_sequence_begin(all);
         each != boost::asio::buffer_sequence_end(all) && count_ < buffers_.size(); ++each)
      buffers_[count_++] = *each;
  }

  const_iterator begin() const noexcept { return buffers_.data(); }
  const_iterator end() const noexcept { return buffers_.data() + count_; }

private:
  std::array<Buffer, 8> buffers_;
  std::size_t count_ = 0;
};

/// What a client's WebSocket runs on: TCP, or TLS over TCP.
///
/// An AsyncStream of Asio that takes handlers and buffers of all types and passes on one: Beast's
/// operations on it are compiled once, and do not carry the types of the layers below.
///
/// Threading:  that of its io_context, by one thread. Lifetime: outlives its operations.
/// Errors:     by the handlers.
class byte_stream {
public:
  using error_code = boost::system::error_code;
  using executor_type = boost::asio::io_context::executor_type;
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor_type>;
  using found = boost::asio::ip::tcp::resolver::results_type;
  using finished = any_handler<error_code>;
  using transferred = any_handler<error_code, std::size_t>;

  /// What the two kinds do differently.
  class layers {
  public:
    virtual ~layers() = default;
    virtual net::byte_stream::socket& socket() noexcept = 0;
    virtual void handshake(finished then) = 0;
    virtual void read(const few_buffers<boost::asio::mutable_buffer>& into, transferred then) = 0;
    virtual void write(const few_buffers<boost::asio::const_buffer>& from, transferred then) = 0;
    virtual void teardown(boost::beast::role_type role, finished then) = 0;
  };

  explicit byte_stream(std::unique_ptr<layers> on) noexcept : layers_{std::move(on)} {}

  executor_type get_executor() noexcept { return layers_->socket().get_executor(); }
  void connect(const found& to, finished then);
  /// Of TLS; without it there is none, and it is over at once.
  void handshake(finished then) { layers_->handshake(std::move(then)); }
  void close() noexcept;
  friend void beast_close_socket(byte_stream& stream) noexcept { stream.close(); } // Beast's name

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& into, Handler&& handler) {
    layers_->read(few_buffers<boost::asio::mutable_buffer>{into},
                  transferred{std::forward<Handler>(handler)});
  }
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& from, Handler&& handler) {
    layers_->write(few_buffers<boost::asio::const_buffer>{from},
                   transferred{std::forward<Handler>(handler)});
  }

  /// What Beast ends connections with.
  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, byte_stream& stream, Handler&& handler) {
    stream.layers_->teardown(role, finished{std::forward<Handler>(handler)});
  }

private:
  std::unique_ptr<layers> layers_;
};

std::unique_ptr<byte_stream::layers> make_plain_layers(boost::asio::io_context& io);

/// @param context      owned from now on
/// @param host         what the certificate must be for, if `verify_peer`
std::unique_ptr<byte_stream::layers> make_secure_layers(boost::asio::io_context& io,
                                                        client_context_ptr context,
                                                        const std::string& host, bool verify_peer);

} // namespace troupe::net
