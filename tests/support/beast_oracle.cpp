#include "tests/support/beast_oracle.hpp"

#include "protocol/ws_reader.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace troupe::test {
namespace {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

using server_stream = websocket::stream<beast::test::stream>;

beast::http::request<beast::http::empty_body> upgrade_request() {
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, "/", 11};
  request.set(beast::http::field::host, "localhost");
  request.set(beast::http::field::connection, "Upgrade");
  request.set(beast::http::field::upgrade, "websocket");
  request.set(beast::http::field::sec_websocket_version, "13");
  request.set(beast::http::field::sec_websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  return request;
}

errc to_errc(beast::error_code ec) {
  if (ec == websocket::error::closed || ec == beast::test::error::test_failure
      || ec == boost::asio::error::eof)
    return errc::ok;
  if (ec == websocket::error::bad_frame_payload)
    return errc::invalid_utf8;
  if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow)
    return errc::message_too_big;
  return ec == websocket::condition::protocol_violation ? errc::protocol_error : errc::internal;
}

void note_control_frames(server_stream& server, std::vector<std::string>& events) {
  server.control_callback([&events, &server](websocket::frame_type kind, beast::string_view text) {
    std::string line = kind == websocket::frame_type::ping ? "ping " : "pong ";
    if (kind == websocket::frame_type::close) {
      const auto code = server.reason().code;
      line = "close " + std::to_string(code == websocket::close_code::none ? 1005 : code) + " ";
    }
    events.push_back(line.append(text.data(), text.size()));
  });
}

} // namespace

ws_outcome read_with_beast(std::string_view stream, std::size_t max_message_bytes) {
  static boost::asio::io_context context;
  beast::test::stream wire{context};
  auto client = beast::test::connect(wire);
  server_stream server{std::move(wire)};
  server.accept(upgrade_request());
  server.read_message_max(max_message_bytes);
  server.next_layer().append({stream.data(), stream.size()});
  client.close();

  ws_outcome outcome;
  note_control_frames(server, outcome.events);
  beast::flat_buffer message;
  beast::error_code ec;
  while (server.read(message, ec), !ec) {
    outcome.events.push_back((server.got_text() ? "text " : "binary ")
                             + beast::buffers_to_string(message.data()));
    message.clear();
  }
  outcome.error = to_errc(ec);
  outcome.is_finished = ec == websocket::error::closed || outcome.error != errc::ok;
  return outcome;
}

namespace {

bool is_close_event(const std::string& event, int from, int to) {
  if (!event.starts_with("close "))
    return false;
  const int code = std::atoi(event.c_str() + 6);
  return code >= from && code <= to;
}

/// Whether `longer` is `shorter` and one close event more, with a code in the range.
bool adds_close(const ws_outcome& longer, const ws_outcome& shorter, int from, int to) {
  if (longer.events.size() != shorter.events.size() + 1)
    return false;
  return longer.error == errc::ok && shorter.error == errc::protocol_error
         && std::equal(shorter.events.begin(), shorter.events.end(), longer.events.begin())
         && is_close_event(longer.events.back(), from, to);
}

/// Beast does not look at the first bit of a 64-bit length, so the length is too big for it.
bool is_negative_length(std::string_view stream, const ws_outcome& ours, const ws_outcome& theirs) {
  if (ours.error != errc::protocol_error || theirs.error != errc::message_too_big)
    return false;
  const auto is_sign_bit_set = [](char mark, char first) {
    return mark == '\xFF' && (first & '\x80') != 0;
  };
  return ours.events == theirs.events
         && std::adjacent_find(stream.begin(), stream.end(), is_sign_bit_set) != stream.end();
}

/// Beast does not see that a character is incomplete when the last fragment is empty.
bool is_cut_character(const ws_outcome& ours, const ws_outcome& theirs) {
  const auto same = ours.events.size();
  if (ours.error != errc::invalid_utf8 || theirs.events.size() <= same)
    return false;
  const auto& text = theirs.events[same];
  return std::equal(ours.events.begin(), ours.events.end(), theirs.events.begin())
         && text.starts_with("text ") && !protocol::is_valid_utf8(as_bytes(text));
}

bool agree(std::string_view stream, const ws_outcome& ours, const ws_outcome& theirs) {
  if (ours.events == theirs.events && ours.error == theirs.error
      && ours.is_finished == theirs.is_finished)
    return true;
  return adds_close(ours, theirs, 1014, 1014) || adds_close(theirs, ours, 5000, 65535)
         || is_negative_length(stream, ours, theirs) || is_cut_character(ours, theirs);
}

std::string describe(const char* who, const ws_outcome& outcome) {
  std::string text = std::string{who} + ": " + std::string{to_string(outcome.error)}
                     + (outcome.is_finished ? " (finished)\n" : " (open)\n");
  for (const auto& event : outcome.events)
    text += "  " + event + "\n";
  return text;
}

} // namespace

std::string compare_with_beast(std::string_view stream, std::size_t max_message_bytes) {
  const ws_setup setup{.limits = {.max_message_bytes = max_message_bytes,
                                  .max_fragments = std::numeric_limits<std::size_t>::max()},
                       .notes_frames = false};
  const auto ours = read_stream(stream, {}, setup);
  const auto theirs = read_with_beast(stream, max_message_bytes);
  if (agree(stream, ours, theirs))
    return {};
  // Beast looks at a header when all of it is there, we look at each byte: then it must come to
  // the same end when the header is completed.
  const auto completed = std::string{stream} + std::string(protocol::max_ws_header_bytes, '\0');
  if (ours.error == errc::protocol_error
      && agree(completed, ours, read_with_beast(completed, max_message_bytes)))
    return {};
  return describe("ours", ours) + describe("Beast", theirs);
}

} // namespace troupe::test
