#include "net/ws_client.hpp"

#include "net/byte_stream.hpp"
#include "net/client_tls.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <type_traits>

namespace troupe::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

/// The errc that tells a caller what to do about `ec`.
errc to_errc(const error_code& ec) noexcept {
  if (ec == beast::error::timeout)
    return errc::timed_out;
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    return errc::message_too_big;
  if (ec == websocket::condition::protocol_violation)
    return errc::protocol_error;
  if (ec == websocket::error::upgrade_declined)
    return errc::refused;
  return errc::connection_lost;
}

class client_stream final : public ws_client, public std::enable_shared_from_this<client_stream> {
  /// A completion handler that keeps the object, reports errors, and else calls `next`.
  template <class Next>
  auto guarded(Next next, std::string_view failure) {
    return [self = this->shared_from_this(), next = std::move(next),
            failure](error_code ec, const auto&... result) mutable -> void {
      if (self->is_over_)
        return;
      if (ec)
        return self->fail(ec, failure);
      proceed(next, result...);
    };
  }

  /// Calls `next` with what the operation produced, if it wants that.
  template <class Next, class... Results>
  static void proceed(Next& next, const Results&... results) {
    if constexpr (std::is_invocable_v<Next&, const Results&...>)
      next(results...);
    else
      next();
  }

  /// Ends the connection unless the next step is reached within `limit`.
  void arm(std::chrono::milliseconds limit, std::string_view text) {
    timer_.expires_after(limit);
    timer_.async_wait([self = this->shared_from_this(), text](error_code ec) {
      if (!ec && !self->is_over_)
        self->end({errc::timed_out, 0, 0, std::string{text}});
    });
  }

public:
  /// @param defect  why it cannot work, or an empty text
  client_stream(std::string defect, asio::io_context& io, ws_client_options options,
                ws_client_events& events, std::unique_ptr<byte_stream::layers> layers)
      : options_(std::move(options)),
        defect_(std::move(defect)),
        events_(&events),
        resolver_(io),
        timer_(io),
        stream_(std::move(layers)) {}

  void open() override {
    if (!defect_.empty())
      return end_later({errc::refused, 0, 0, defect_});
    arm(options_.connect_timeout, "No connection within the time for connecting.");
    resolver_.async_resolve(
        options_.address.host, options_.address.port,
        guarded([this](const tcp::resolver::results_type& found) { connect(found); },
                "The name of the server cannot be resolved"));
  }

  void send(std::string message, protocol::opcode type) override {
    if (is_over_ || is_closing_)
      return;
    queue_.push_back({std::move(message), type});
    if (is_open_ && !is_writing_)
      write_next();
  }

  void close(std::uint16_t code, std::string reason) override {
    if (is_over_ || is_closing_)
      return;
    is_closing_ = true;
    constexpr std::size_t longest_reason = 123;
    reason_.code = code;
    reason_.reason = reason.substr(0, longest_reason);
    if (!is_open_)
      return end_later({errc::ok, 0, 0, "Closed before the connection was open."});
    arm(options_.close_timeout, "The server did not finish the closing handshake.");
    if (!is_writing_)
      send_close();
  }

  void detach() noexcept override {
    events_ = nullptr;
    is_over_ = true;
    drop();
  }

private:
  struct queued {
    std::string bytes;
    protocol::opcode type;
  };

  // -- connecting -------------------------------------------------------------

  void connect(const tcp::resolver::results_type& found) {
    stream_.next_layer().connect(found,
                                 guarded([this] { secure(); }, "The server cannot be reached"));
  }

  void secure() {
    stream_.next_layer().handshake(guarded([this] { upgrade(); }, "The TLS handshake failed"));
  }

  void upgrade() {
    stream_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      if (!options_.subprotocol.empty())
        request.set(http::field::sec_websocket_protocol, offers());
      for (const auto& [name, value] : options_.fields)
        request.set(name, value);
    }));
    stream_.read_message_max(options_.message_bytes);
    stream_.async_handshake(response_, options_.address.authority(), options_.address.target,
                            guarded([this] { opened(); }, "The server refused the upgrade"));
  }

  std::string offers() const {
    return options_.also_offered.empty() ? options_.subprotocol
                                         : options_.subprotocol + ", " + options_.also_offered;
  }

  void opened() {
    if (response_[http::field::sec_websocket_protocol] != options_.subprotocol)
      return end({errc::refused, 0, 0,
                  "The server does not speak the protocol " + options_.subprotocol + "."});
    timer_.cancel();
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = options_.close_timeout;
    limits.idle_timeout =
        options_.idle_timeout.count() == 0 ? websocket::stream_base::none() : options_.idle_timeout;
    limits.keep_alive_pings = true;
    stream_.set_option(limits);
    is_open_ = true;
    events_->on_open();
    if (!is_over_)
      read_next();
    if (!is_over_ && !is_writing_)
      write_next();
  }

  // -- messages ---------------------------------------------------------------

  void read_next() {
    stream_.async_read(buffer_, guarded([this] { received(); }, "The connection ended"));
  }

  void received() {
    const auto bytes = buffer_.cdata();
    events_->on_message({static_cast<const std::byte*>(bytes.data()), bytes.size()},
                        stream_.got_binary());
    buffer_.clear();
    if (!is_over_)
      read_next();
  }

  void write_next() {
    if (queue_.empty())
      return is_closing_ ? send_close() : void();
    is_writing_ = true;
    stream_.binary(queue_.front().type == protocol::opcode::binary);
    stream_.async_write(asio::buffer(queue_.front().bytes),
                        guarded([this] { written(); }, "The connection ended"));
  }

  void written() {
    is_writing_ = false;
    const auto bytes = queue_.front().bytes.size();
    queue_.pop_front();
    events_->on_sent(bytes);
    if (!is_over_ && !is_writing_)
      write_next();
  }

  // -- the end ----------------------------------------------------------------

  void send_close() {
    stream_.async_close(reason_,
                        guarded([this] { end(peer_closed()); }, "The closing handshake failed"));
  }

  ws_client_end peer_closed() const {
    const auto& text = stream_.reason().reason;
    return {errc::ok, stream_.reason().code, 0, {text.data(), text.size()}};
  }

  void fail(const error_code& ec, std::string_view what) {
    if (ec == websocket::error::closed)
      return end(peer_closed());
    const bool declined = ec == websocket::error::upgrade_declined;
    std::string text{what};
    text.append(": ").append(declined ? answer() : ec.message()).append(".");
    end({to_errc(ec), 0, declined ? response_.result_int() : 0, std::move(text)});
  }

  /// `403 Forbidden` and the first line of the body.
  std::string answer() const {
    const auto reason = response_.reason();
    std::string text = std::to_string(response_.result_int());
    text.append(" ").append(reason.data(), reason.size());
    const auto line = response_.body().substr(0, response_.body().find_first_of("\r\n"));
    return line.empty() ? text : text.append(": ").append(line);
  }

  void end_later(ws_client_end why) {
    asio::post(timer_.get_executor(),
               [self = this->shared_from_this(), why = std::move(why)] { self->end(why); });
  }

  void end(const ws_client_end& why) {
    if (is_over_)
      return;
    is_over_ = true;
    drop();
    if (auto* events = std::exchange(events_, nullptr))
      events->on_end(why);
  }

  void drop() noexcept {
    resolver_.cancel();
    timer_.cancel();
    stream_.next_layer().close();
  }

  const ws_client_options options_;
  const std::string defect_; ///< why the options cannot work
  ws_client_events* events_;
  tcp::resolver resolver_;
  asio::steady_timer timer_;
  websocket::stream<byte_stream, false> stream_; // without compression
  websocket::response_type response_;
  websocket::close_reason reason_;
  beast::flat_buffer buffer_;
  std::deque<queued> queue_;
  bool is_open_ = false;
  bool is_writing_ = false;
  bool is_closing_ = false;
  bool is_over_ = false;
};

} // namespace

std::shared_ptr<ws_client> make_ws_client(asio::io_context& io, const ws_client_options& options,
                                          ws_client_events& events) {
  auto make = [&](std::string defect, std::unique_ptr<byte_stream::layers> layers) {
    return std::make_shared<client_stream>(std::move(defect), io, options, events,
                                           std::move(layers));
  };
  if (!options.address.secure)
    return make({}, make_plain_layers(io));
  auto context =
      make_client_context({.ca_file = options.ca_file, .verify_peer = options.verify_peer});
  if (!context)
    return make(context.error(), make_plain_layers(io));
  return make(
      {}, make_secure_layers(io, std::move(*context), options.address.host, options.verify_peer));
}

} // namespace troupe::net
