#pragma once
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "troupe/connection.hpp"

#include "actors/runtime.hpp"

namespace troupe::actors {

class connection_state;

/// A client's connection in one space, as the application sees it: everything it does, the
/// `connection_state` behind it does within the space.
///
/// Threading:  as its connection.
/// Lifetime:   that in the endpoint's own space lives as long as the connection; others until the
///             space is disconnected.
class scoped_connection final : public connection {
public:
  scoped_connection(connection_state& socket, space_entry& in) : socket_{socket}, space_{in} {}
  ~scoped_connection() { set_connected(false); }

  connection_state& socket() noexcept { return socket_; }
  space_entry& entry() const noexcept { return space_; }
  troupe::space& rules() const noexcept { return *space_.rules; }
  /// Whether the client is in the space, and gets what is sent there.
  bool is_connected() const noexcept { return is_connected_; }
  void set_connected(bool is_connected) noexcept;

  connection_id id() const noexcept override;
  std::string_view client_id() const override;
  std::string_view space() const noexcept override { return space_.names.space; }
  const troupe::request& request() const noexcept override;
  std::string_view identity() const noexcept override;
  bool is_open() const noexcept override;
  std::size_t queued_bytes() const noexcept override;
  std::chrono::microseconds round_trip() const noexcept override;
  const message_info& message() const noexcept override;
  verdict send_text(std::string_view text) override;
  verdict send_binary(byte_view bytes) override;
  websocket_control& websocket() noexcept override;
  void join(std::string_view room) override;
  void leave(std::string_view room) override;
  bool is_member(std::string_view room) const noexcept override;
  std::vector<std::string_view> rooms() const override;
  std::vector<std::string_view> spaces() const override;
  connection* in_space(std::string_view space) override;
  void connect_space(std::string_view space,
                     std::function<void(result<connection*, ask_error>)> done) override;
  void disconnect_space() override;
  void close(std::uint16_t code, std::string_view reason) override;
  value_store& values() override;
  value_store& space_values() override;
  /// Null if there are none.
  std::unique_ptr<value_store> take_space_values() noexcept { return std::move(space_values_); }
  verdict send_here(std::string_view event, payload content, const delivery& how) override;
  void send_ask(std::string_view event, payload content, std::chrono::milliseconds timeout,
                ask_answer done) override;
  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override;
  timer_id after(std::chrono::microseconds delay, std::function<void()> fire) override;
  timer_id at(net::time_point deadline, std::function<void()> fire) override;
  timer_id every(std::chrono::microseconds period, std::function<void()> fire) override;
  void cancel(timer_id timer) override;

private:
  connection_state& socket_;
  space_entry& space_;
  bool is_connected_ = false;
  std::unique_ptr<value_store> space_values_; ///< made on first use
};

} // namespace troupe::actors
