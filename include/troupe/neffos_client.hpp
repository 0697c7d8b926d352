#pragma once
#include "troupe/client_types.hpp"
#include "troupe/neffos_space.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// A client of a neffos server, kataras' or ours, that comes back when its connection is lost.
///
///     troupe::neffos_client client{{.url = "ws://127.0.0.1:8080/echo"}};
///     auto& chat = client.space("default");
///     chat.on("said", [](std::string text) { ... });
///     if (const auto status = client.connect(); !status)
///       return fail(status.text);
///     chat.connect([&chat](auto) { chat.emit("say", "hello"); });
///
/// Of the options `clock_interval` means nothing here. `ask_timeout` also bounds connecting and
/// joining; `idle_timeout` is what neffos calls the read timeout. After a reconnect the namespaces
/// and rooms of before are connected again, whoever had wished them, and their hooks run again.
///
/// Threading:  declare namespaces and set handlers before connecting. Everything else may be called
///             from any thread, also inside handlers, unless it says otherwise. Handlers run one at
///             a time on the client's own thread.
/// Lifetime:   the destructor closes the connection and waits for the thread; it must not run
///             inside a handler. What handlers refer to must be declared before the client.
/// Errors:     by value; an exception of a handler goes to `on_error`.
class neffos_client {
public:
  explicit neffos_client(client_options options);
  neffos_client(const neffos_client&) = delete;
  neffos_client& operator=(const neffos_client&) = delete;
  ~neffos_client();

  /// The namespace `name`, declared by its first use: servers can connect this client to declared
  /// ones only.
  neffos_space& space(std::string_view name);

  /// Tries once; returns when the server has accepted this client, or why it has not: what a neffos
  /// server says when it refuses is the text. From then on the client reconnects by itself. Must
  /// not be called inside a handler.
  client_status connect();
  /// Connects in the background and keeps trying; `on_open` and `on_close` tell.
  void start();
  /// Sends what is queued and closes for good, until `connect` or `start`. Returns when the
  /// connection is gone, at most after `close_timeout`; at once inside a handler.
  void close(std::uint16_t code = 1000, std::string reason = {});

  bool is_open() const;
  /// What the server calls this connection; empty while there is none.
  std::string id() const;

  void on_open(std::function<void(std::string_view id)> handler);
  /// A connection, or an attempt to get one, has ended, and the namespaces have been told; the
  /// second argument is the wait before the next attempt, or nothing when there will be none.
  void on_close(
      std::function<void(const client_status&, std::optional<std::chrono::milliseconds>)> handler);
  /// Something went wrong that nobody asked for: unfit messages, and what handlers throw.
  void on_error(std::function<void(errc, std::string_view)> handler);

private:
  const std::unique_ptr<net::neffos_runner> runner_;
};

} // namespace troupe
