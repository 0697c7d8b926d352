#include "tests/support/catch.hpp"
#include "tests/support/ws_frames.hpp"
#include "tests/support/ws_recorder.hpp"

#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::test;

using lines = std::vector<std::string>;

static const std::string greek = "\xCE\xBA\xE1\xBD\xB9\xCF\x83\xCE\xBC\xCE\xB5"; // U+03BA ...

static ws_outcome read_quietly(std::string_view stream, std::vector<std::size_t> cuts = {}) {
  return read_stream(stream, cuts, {.notes_frames = false});
}

TEST_CASE("ws_reader: text must be UTF-8, binary need not", "[protocol][ws_reader]") {
  CHECK(read_quietly(client_frame(fin | text, "ok\xFF")).error == errc::invalid_utf8);
  CHECK(read_quietly(client_frame(fin | text, "cut\xC3")).error == errc::invalid_utf8);
  CHECK(read_quietly(client_frame(fin | binary, "ok\xFF")).events == lines{"binary ok\xFF"});
  CHECK(read_quietly(client_frame(text, "\xC3") + client_frame(fin, "")).error
        == errc::invalid_utf8);
}

TEST_CASE("ws_reader: a character may be cut by fragments", "[protocol][ws_reader]") {
  std::string stream;
  for (std::size_t index = 0; index < greek.size(); ++index)
    stream += client_frame(index == 0 ? text : continuation, greek.substr(index, 1));
  const auto outcome = read_quietly(stream + client_frame(fin, ""));
  CHECK(outcome.error == errc::ok);
  CHECK(outcome.events == lines{"text " + greek});
}

TEST_CASE("ws_reader: a control frame between fragments does not disturb the text",
          "[protocol][ws_reader]") {
  const auto outcome = read_quietly(client_frame(text, "\xCE") + client_frame(fin | ping, "\xFF")
                                    + client_frame(fin, "\xBA"));
  CHECK(outcome.events == lines{"ping \xFF", "text \xCE\xBA"});
}

TEST_CASE("ws_reader: a fragment with invalid text fails before the message ends",
          "[protocol][ws_reader]") {
  CHECK(read_quietly(client_frame(text, "\xF4\x90")).error == errc::invalid_utf8);
  CHECK(read_quietly(client_frame(text, "fine") + client_frame(continuation, "\xED\xA0")).error
        == errc::invalid_utf8);
}

TEST_CASE("ws_reader: invalid text fails in the middle of a frame", "[protocol][ws_reader]") {
  const auto frame = client_frame(fin | text, greek + "\xF4\x90\x80\x80 and much more");
  const std::size_t at_invalid_byte = 6 + greek.size() + 2;
  CHECK(read_quietly(frame.substr(0, at_invalid_byte - 1)).error == errc::ok);
  CHECK(read_quietly(frame.substr(0, at_invalid_byte)).error == errc::invalid_utf8);
  CHECK(read_quietly(frame.substr(0, at_invalid_byte), {8, 12}).error == errc::invalid_utf8);
}

TEST_CASE("ws_reader: messages before invalid text are delivered", "[protocol][ws_reader]") {
  const auto outcome =
      read_quietly(client_frame(fin | text, "good") + client_frame(fin | text, "\x80"));
  CHECK(outcome.events == lines{"text good"});
  CHECK(outcome.error == errc::invalid_utf8);
}
