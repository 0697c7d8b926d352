#pragma once
#include "troupe/cookie_jar.hpp"
#include "troupe/result.hpp"
#include "troupe/websocket.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct ssl_ctx_st;

namespace troupe {

/// How a client uses TLS, with the server and with a proxy that is spoken to over TLS. Versions
/// before 1.2 are never spoken.
struct tls_options {
  std::string ca_file{};          ///< PEM file of trusted authorities; empty = the system's
  bool verify_peer = true;        ///< check certificate and host name
  std::string server_name{};      ///< asked for and checked at the server; empty = the URL's
  std::string certificate_file{}; ///< PEM, to show to the server; empty = none
  std::string key_file{};         ///< PEM, of that certificate; empty = in the same file
  /// Sets what else OpenSSL offers, last; may throw.
  std::function<void(ssl_ctx_st*)> configure{};
};

/// The URL of the proxy to go through for a `ws` or `wss` URL: `http://[user:password@]host[:port]`
/// or `https://...`; empty = none. What it throws ends the attempt.
using proxy_choice = std::function<std::string(std::string_view url)>;

/// Always the same one.
proxy_choice fixed_proxy(std::string proxy_url);

/// What the environment says: `https_proxy` for wss, `http_proxy` for ws, not for what `no_proxy`
/// lists, all of them also in capitals (but HTTP_PROXY never where REQUEST_METHOD is set: there a
/// web server's client could have set it). This machine itself is never reached through a proxy.
std::string proxy_from_environment(std::string_view url);

/// Makes a connection in place of the dialler.
/// @returns a connected stream socket, which the dialler then owns, or a sentence why there is
/// none.
using connect_function =
    std::function<result<int, std::string>(const std::string& host, const std::string& port)>;

/// Everything that `dial` can be told.
struct dial_options {
  /// For everything until the upgrade is complete; 0 = no limit.
  std::chrono::milliseconds handshake_timeout{45'000};
  /// A request to stop ends the attempt.
  std::stop_token stop{};
  /// Further request fields. `Host` replaces the host of the URL there, and only there.
  std::vector<std::pair<std::string, std::string>> fields{};
  /// Offered to the server, the favourite first. An answer that was not offered ends the attempt.
  std::vector<std::string> subprotocols{};
  /// Offer permessage-deflate, without context takeover in both directions.
  bool compression = false;
  tls_options tls{};
  proxy_choice proxy{}; ///< e.g. `proxy_from_environment`; empty = none
  std::shared_ptr<cookie_jar> cookies{};
  std::size_t read_buffer_bytes = 4096;
  std::size_t write_buffer_bytes = 4096; ///< also the size of fragments
  /// The largest incoming message, inflated; 0 = any.
  std::size_t message_bytes = std::size_t{16} * 1024 * 1024;
  connect_function connect{};        ///< to the server, or to the proxy if there is one
  connect_function connect_secure{}; ///< for wss: makes a connection that is secure as it is
};

/// Why there is no websocket.
struct dial_error {
  /// `refused`: the URL, the options, or the server's answer; `timed_out`; `closed`: stopped;
  /// `connection_lost`: no connection, or none that is secure.
  errc code = errc::refused;
  std::string text{};                           ///< a sentence for people
  std::optional<handshake_response> response{}; ///< of the server or the proxy, if it refused
};

/// Opens a WebSocket to `url`: `ws://host[:port]/path?query` or `wss://...`. Redirects are not
/// followed.
///
///     auto opened = troupe::dial("ws://127.0.0.1:8080/echo");
///     if (!opened)
///       return fail(opened.error().text);
///     opened->write_text("hello");
///
/// Threading:  any thread. Names are looked up on a thread of their own, which may outlive a call
///             that gives up.
/// Errors:     by `dial_error`, nothing is thrown but std::bad_alloc.
result<websocket, dial_error> dial(std::string_view url, const dial_options& options = {});

} // namespace troupe
