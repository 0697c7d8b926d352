#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "net/url.hpp"
#include "protocol/opcode.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace boost::asio {
class io_context;
} // namespace boost::asio

namespace troupe::net {

/// What one WebSocket connection to a server needs to know.
struct ws_client_options {
  url address;
  std::string subprotocol;                                 ///< offered, and required; empty = none
  std::string also_offered{};                              ///< further subprotocols, or empty
  std::vector<std::pair<std::string, std::string>> fields; ///< further request fields
  std::chrono::milliseconds connect_timeout{5'000};        ///< name lookup to finished upgrade
  std::chrono::milliseconds idle_timeout{60'000};          ///< silence of the server; 0 = forever
  std::chrono::milliseconds close_timeout{2'000};          ///< for the closing handshake
  std::size_t message_bytes = 16 * 1024 * 1024;            ///< largest incoming message
  std::string ca_file;     ///< PEM file of trusted authorities; empty = the system's
  bool verify_peer = true; ///< check certificate and host name
};

/// Why a connection is over.
struct ws_client_end {
  errc code = errc::ok;         ///< `ok` = closed in order
  std::uint16_t close_code = 0; ///< of the peer's close frame; 0 = there was none
  unsigned http_status = 0;     ///< of an answer that refused the upgrade
  std::string text;             ///< for people: the close reason or what failed
};

/// What a `ws_client` reports, on the thread that runs its io_context.
class ws_client_events {
public:
  virtual void on_open() = 0;
  virtual void on_message(byte_view message, bool is_binary) = 0;
  virtual void on_sent(std::size_t bytes) = 0;
  virtual void on_end(const ws_client_end& end) = 0; ///< exactly once, the last call

protected:
  ~ws_client_events() = default;
};

/// One WebSocket connection from the client's side; over TLS when the address says so.
///
/// It connects once and never again: reconnecting is its user's business.
///
/// Threading:  everything on the thread that runs the io_context.
/// Lifetime:   keeps itself alive while an operation is pending; the events object must live
///             until `on_end` or `detach`.
/// Errors:     reported by `on_end`, never thrown.
class ws_client {
public:
  virtual ~ws_client() = default;

  /// Connects. Calls `on_open` or `on_end`, not before it returns.
  virtual void open() = 0;
  /// Queues one message, `text` or `binary`; nothing happens once the connection closes.
  virtual void send(std::string message, protocol::opcode type) = 0;
  /// Sends what is queued, then closes with `code`; gives up after the close timeout.
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// Drops the connection and reports nothing any more.
  virtual void detach() noexcept = 0;
};

std::shared_ptr<ws_client> make_ws_client(boost::asio::io_context& io,
                                          const ws_client_options& options,
                                          ws_client_events& events);

} // namespace troupe::net
