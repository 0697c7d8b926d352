#pragma once
#include <memory>
#include <optional>
#include <unordered_map>

#include "actors/runtime.hpp"
#include "net/admission.hpp"
#include "net/http_connection.hpp"
#include "net/static_files.hpp"
#include "server/http_calls.hpp"


namespace troupe {

/// Answers the HTTP requests of one shard: files, health, calls, and upgrades to
/// endpoints.
///
/// Threading:  belongs to its shard; the files are shared and constant.
/// Ownership:  owns the connections that are not WebSockets yet.
class front final : public net::http_front {
public:
  /// Connections beyond the limits that may wait for their 503 at the same time; further ones are
  /// closed without a word.
  static constexpr std::size_t max_turned_away = 1'024;

  front(actors::shard& home, actors::runtime& shared, const net::static_files& files,
        http_calls& calls);
  ~front();

  /// Takes a socket that was just accepted.
  void accept(net::tcp_socket socket, std::optional<net::admission_ticket> ticket);
  /// From now on every request is answered 503, and connections that wait for one are closed.
  void close();

private:
  std::optional<net::http_reply> refuse_body(request& asked, std::size_t size,
                                             bool is_admitted) noexcept override;
  std::variant<net::http_reply, net::upgrade_answer>
  answer(request& asked, std::string_view body, bool is_admitted) noexcept override;
  void on_upgraded(net::upgraded_socket socket) noexcept override;
  void on_done(net::http_connection& connection) noexcept override;

  /// Whether it comes back to a session, which has its place even if the server is full.
  bool has_place(const request& asked) const;
  std::variant<net::http_reply, net::upgrade_answer> decide(request& asked,
                                                            std::string_view body);
  std::variant<net::http_reply, net::upgrade_answer> upgrade(request& asked,
                                                             actors::endpoint_entry& endpoint);

  struct pending {
    std::unique_ptr<net::http_connection> connection;
    bool is_turned_away;
  };

  actors::shard& home_;
  actors::runtime& shared_;
  const net::static_files& files_;
  http_calls& calls_;
  std::unordered_map<net::http_connection*, pending> connections_;
  std::size_t turned_away_ = 0;
  bool is_closed_ = false;
};

} // namespace troupe
