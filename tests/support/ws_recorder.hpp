#pragma once
#include "troupe/bytes.hpp"
#include "troupe/errc.hpp"

#include "protocol/ws_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::test {

/// A `ws_handler` that writes down what it is told, one line per event.
struct ws_recorder {
  std::vector<std::string> events;
  bool notes_frames = false;   ///< whether `on_frame` makes a line
  std::size_t pause_every = 0; ///< answers every n-th call with a pause; 0 = never
  std::size_t calls = 0;
  std::size_t frames = 0;
  std::size_t wire_bytes = 0;
  std::size_t largest_message = 0;
  const std::byte* last_message_at = nullptr;

  bool on_frame(bool is_control, std::size_t bytes) {
    ++frames;
    wire_bytes += bytes;
    if (notes_frames)
      events.push_back((is_control ? "control " : "data ") + std::to_string(bytes));
    return answer();
  }
  bool on_message(protocol::opcode op, std::span<std::byte> message) {
    last_message_at = message.data();
    largest_message = std::max(largest_message, message.size());
    const bool is_text = op == protocol::opcode::text;
    return note((is_text ? "text " : "binary ") + std::string{as_text(message)});
  }
  bool on_part(protocol::opcode op, std::span<std::byte> part, protocol::message_place place) {
    const bool is_text = op == protocol::opcode::text;
    return note(std::string{place.is_first ? "first " : ""} + (place.is_last ? "last " : "")
                + (is_text ? "text part " : "binary part ") + std::string{as_text(part)});
  }
  bool on_ping(byte_view payload) { return note("ping " + std::string{as_text(payload)}); }
  bool on_pong(byte_view payload) { return note("pong " + std::string{as_text(payload)}); }
  bool on_close(std::uint16_t code, std::string_view reason) {
    return note("close " + std::to_string(code) + " " + std::string{reason});
  }

private:
  bool note(std::string line) {
    events.push_back(std::move(line));
    return answer();
  }
  bool answer() { return pause_every == 0 || ++calls % pause_every != 0; }
};

/// What a reader made of a whole stream.
struct ws_outcome {
  std::vector<std::string> events;
  errc error = errc::ok;
  bool is_finished = false;
  bool is_idle = true;

  friend bool operator==(const ws_outcome&, const ws_outcome&) = default;
};

/// How `read_stream` reads: everything but the bytes and the cuts.
struct ws_setup {
  protocol::ws_role role = protocol::ws_role::server;
  protocol::ws_limits limits{};
  protocol::inflater* inflate = nullptr;
  bool notes_frames = true;
  std::size_t pause_every = 0;
};

/// Feeds `stream` in pieces that end at `cuts` (ascending), as a connection does: what a paused
/// reader left is fed again in front of the next piece.
inline ws_outcome read_stream(std::string_view stream, const std::vector<std::size_t>& cuts = {},
                              const ws_setup& setup = {}) {
  protocol::ws_reader reader{setup.role};
  ws_recorder recorder;
  recorder.notes_frames = setup.notes_frames;
  recorder.pause_every = setup.pause_every;
  ws_outcome outcome;
  std::vector<std::byte> kept;
  std::size_t begin = 0;
  const auto feed_until = [&](std::size_t end) {
    const auto piece = as_bytes(stream.substr(begin, end - begin));
    begin = end;
    kept.insert(kept.end(), piece.begin(), piece.end());
    while (!kept.empty() && !reader.is_finished()) {
      std::vector<std::byte> input(kept); // an exact block, so that sanitizers see its end
      const auto done = reader.feed(input, recorder, setup.limits, setup.inflate);
      outcome.error = done.error;
      kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(done.consumed));
    }
  };
  for (const auto cut : cuts)
    feed_until(cut);
  feed_until(stream.size());
  outcome.events = std::move(recorder.events);
  outcome.is_finished = reader.is_finished();
  outcome.is_idle = reader.is_idle();
  return outcome;
}

} // namespace troupe::test
