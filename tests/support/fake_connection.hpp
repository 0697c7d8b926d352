#pragma once
#include "troupe/connection.hpp"

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::test {

/// A connection without a client: remembers the events it is sent, does nothing else.
class fake_connection final : public connection {
public:
  explicit fake_connection(connection_id id, std::string space = "default")
      : id_{id}, space_{std::move(space)} {}

  std::vector<std::string> sent; ///< names of events

  connection_id id() const noexcept override { return id_; }
  std::string_view client_id() const override { return "fake"; }
  std::string_view space() const noexcept override { return space_; }
  /// There is none.
  const troupe::request& request() const noexcept override { std::terminate(); }
  std::string_view identity() const noexcept override { return {}; }
  bool is_open() const noexcept override { return true; }
  std::size_t queued_bytes() const noexcept override { return 0; }
  std::chrono::microseconds round_trip() const noexcept override { return {}; }
  const message_info& message() const noexcept override { return message_; }
  verdict send_text(std::string_view) override { return verdict::dropped; }
  verdict send_binary(byte_view) override { return verdict::dropped; }
  /// There is none.
  websocket_control& websocket() noexcept override { std::terminate(); }
  void join(std::string_view) override {}
  void leave(std::string_view) override {}
  bool is_member(std::string_view) const noexcept override { return false; }
  std::vector<std::string_view> rooms() const override { return {}; }
  std::vector<std::string_view> spaces() const override { return {space_}; }
  connection* in_space(std::string_view) override { return nullptr; }
  void connect_space(std::string_view,
                     std::function<void(result<connection*, ask_error>)>) override {}
  void disconnect_space() override {}
  void close(std::uint16_t, std::string_view) override {}
  value_store& values() override { return values_; }
  value_store& space_values() override { return space_values_; }
  verdict send_here(std::string_view event, payload, const delivery&) override {
    sent.emplace_back(event);
    return verdict::queued;
  }
  void send_ask(std::string_view, payload, std::chrono::milliseconds, ask_answer) override {}
  void send_event(const audience&, std::string_view event, payload, const delivery&) override {
    sent.emplace_back(event);
  }
  timer_id after(std::chrono::microseconds, std::function<void()>) override { return 0; }
  timer_id at(std::chrono::steady_clock::time_point, std::function<void()>) override { return 0; }
  timer_id every(std::chrono::microseconds, std::function<void()>) override { return 0; }
  void cancel(timer_id) override {}

private:
  const connection_id id_;
  const std::string space_;
  message_info message_;
  value_store values_;
  value_store space_values_;
};

} // namespace troupe::test
