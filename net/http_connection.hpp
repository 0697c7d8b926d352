#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "troupe/config.hpp"
#include "troupe/request.hpp"

#include "net/admission.hpp"
#include "net/event_loop.hpp"
#include "net/http_head.hpp"
#include "net/http_response.hpp"
#include "net/tcp_socket.hpp"
#include "net/timer_wheel.hpp"

namespace troupe::net {

class http_connection;
class reactor;

/// The decision to let a request become a WebSocket.
struct upgrade_answer {
  std::string bytes;             ///< the 101
  bool compression = false;      ///< permessage-deflate was agreed on
  std::chrono::milliseconds timeout{0}; ///< for writing it; 0: what is left of the request's
  more_to_come greets = more_to_come::no; ///< whether a message follows it at once
  std::shared_ptr<void> context; ///< whatever the front wants to find again in `on_upgraded`
};

/// A socket that has become a WebSocket.
struct upgraded_socket {
  tcp_socket socket;
  request asked;
  std::optional<admission_ticket> ticket; ///< nothing: it has a place already
  upgrade_answer answer;
  std::span<std::byte> early; ///< arrived behind the request; valid during the call
};

/// Who answers requests: the upper side of `http_connection`.
///
/// Threading:  called on the connection's shard.
class http_front {
public:
  /// A body of `size` bytes, at least one, comes behind `asked`. @returns the answer without reading
  /// it, which ends the connection; nothing: read it.
  virtual std::optional<http_reply> refuse_body(request& asked, std::size_t size,
                                                bool is_admitted) noexcept = 0;
  /// May add to what is known of `asked`, which becomes the connection's.
  /// @param is_admitted  false: the server is full; only who has a place already may come in.
  virtual std::variant<http_reply, upgrade_answer> answer(request& asked, std::string_view body,
                                                          bool is_admitted) noexcept = 0;
  virtual void on_upgraded(upgraded_socket socket) noexcept = 0;
  /// The connection is over; it may be destroyed during the call.
  virtual void on_done(http_connection& connection) noexcept = 0;

protected:
  ~http_front() = default;
};

/// One accepted socket until it is closed or has become a WebSocket: TLS handshake, request heads,
/// bodies and answers, all under one absolute deadline per request.
///
/// Threading:  belongs to one shard.
/// Ownership:  owns the socket until it is handed to `on_upgraded`. Its front destroys it.
/// Errors:     told to the client with a status and one line; the rest ends quietly.
class http_connection final : io_handler, timer {
public:
  /// @param ticket  none: the server is full.
  http_connection(reactor& home, tcp_socket socket, std::optional<admission_ticket> ticket,
                  http_front& front, const struct config::limits& limits);
  ~http_connection() override;

  void start();
  /// Whether no request is being read or answered.
  bool is_idle() const noexcept {
    return next_ == next_step::read_request && !is_reading() && out_.empty() && body_.empty();
  }

private:
  void on_ready(io_interest ready) noexcept override;
  void on_timer(time_point now) noexcept override;

  /// A request whose body is still coming.
  struct incomplete {
    request asked;
    std::size_t missing;
    std::string body{};
  };

  bool is_reading() const noexcept { return !head_.is_idle() || incomplete_; }
  void read_some();
  void feed(std::span<std::byte> bytes);
  void begin_body(request asked, std::span<std::byte> rest);
  void feed_body(std::span<std::byte> bytes);
  void respond(request asked, std::string_view body, std::span<std::byte> rest);
  void send(http_reply reply);
  void write_some();
  void on_written();
  void upgrade();
  void watch(io_interest interest) noexcept;
  void done();

  /// What happens once everything is written.
  enum class next_step { read_request, read_body, linger, upgrade };

  reactor& home_;
  http_front& front_;
  const struct config::limits& limits_;
  tcp_socket socket_;
  std::optional<admission_ticket> ticket_;
  http_head_reader head_;
  std::optional<incomplete> incomplete_;
  std::string early_;            ///< bytes that arrived behind an upgrade request
  std::string out_;              ///< being written, followed by `body_`
  std::string_view body_;
  std::optional<request> asked_; ///< the request being upgraded
  upgrade_answer answer_;
  next_step next_ = next_step::read_request;
  io_interest interest_ = io_interest::none;
  bool is_lingering_ = false;
};

} // namespace troupe::net
