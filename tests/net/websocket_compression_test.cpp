#include "protocol/deflate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/websocket_pair.hpp"
#include "tests/support/ws_frames.hpp"

using namespace troupe;
using test::fin;
using test::read_text;
using test::rsv1;
using test::websocket_pair;
using lines = std::vector<std::string>;

namespace {

std::string compressible(std::size_t length) {
  std::string content;
  while (content.size() < length)
    content += "the same again and again, " + std::to_string(content.size() % 7) + " ";
  content.resize(length);
  return content;
}

/// The payload of a compressed message.
std::string deflated(std::string_view content) {
  protocol::deflater deflate;
  return std::string{as_text(deflate.compress(as_bytes(content), 6, false))};
}

net::websocket_settings compressed(std::size_t message_bytes = 1 << 20) {
  return {.message_bytes = message_bytes, .is_compressed = true};
}

/// The bytes that `write` makes the client send, without header and mask.
template <class Write>
std::string payload_of(websocket_pair& pair, Write write) {
  REQUIRE(write());
  auto bytes = pair.written();
  const auto length = static_cast<unsigned char>(bytes.at(1)) & 0x7FU;
  const std::size_t header = length < 126 ? 2 : length == 126 ? 4 : 10;
  const auto key = bytes.substr(header, 4);
  auto payload = bytes.substr(header + 4);
  for (std::size_t i = 0; i != payload.size(); ++i)
    payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
  return bytes.substr(0, 1) + payload;
}

} // namespace

TEST_CASE("websocket: compressed messages are read (gorilla R2, D7)", "[net][websocket]") {
  for (const std::size_t length : {1U, 2U, 125U, 126U, 4096U, 65535U, 65536U, 200'000U}) {
    CAPTURE(length);
    websocket_pair pair{compressed()};
    const auto content = compressible(length);
    pair.send_frame(fin | test::text | rsv1, deflated(content));
    CHECK(read_text(pair.client) == "text " + content);
  }
}

TEST_CASE("websocket: a compressed message is read as a stream of fragments (gorilla R1)",
          "[net][websocket]") {
  const auto content = compressible(50'000);
  const auto bytes = deflated(content);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, bytes.size() / 2, bytes.size()}) {
    websocket_pair pair{compressed()};
    pair.send_frame(test::binary | rsv1, bytes.substr(0, cut));
    pair.send_frame(fin | test::ping, {});
    pair.send_frame(fin | test::continuation, bytes.substr(cut));
    CHECK(read_text(pair.client) == "binary " + content);
  }
}

TEST_CASE("websocket: the read limit counts what is inflated (gorilla R5)", "[net][websocket]") {
  websocket_pair pair{compressed(5000)};
  pair.send_frame(fin | test::text | rsv1, deflated(compressible(5000)));
  pair.send_frame(fin | test::text | rsv1, deflated(compressible(5001)));
  CHECK(read_text(pair.client).size() == 5005);
  CHECK(pair.client.read_message().error().code == errc::message_too_big);
  CHECK(pair.heard() == lines{"close 1009 "});
}

TEST_CASE("websocket: what is no compressed data is refused (gorilla R8)", "[net][websocket]") {
  websocket_pair pair{compressed()};
  pair.send_frame(fin | test::text | rsv1, "\xFF\xFF\xFF\xFF");
  CHECK(pair.client.read_message().error().code == errc::protocol_error);
  websocket_pair later{compressed()};
  later.send_frame(test::text, "not compressed");
  later.send_frame(fin | test::continuation | rsv1, "late");
  CHECK(later.client.read_message().error().code == errc::protocol_error);
}

TEST_CASE("websocket: messages are compressed where that helps (gorilla C3)", "[net][websocket]") {
  websocket_pair pair{compressed()};
  const auto content = compressible(1000);
  CHECK(pair.client.write_text(content));
  const auto frames = pair.heard(true);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].size() == std::string{"data 99"}.size());
  CHECK(frames[1] == "text " + content);
  CHECK(pair.client.write_text("short"));
  CHECK(pair.heard(true) == lines{"data 11", "text short"});
}

TEST_CASE("websocket: compression is switched per message (gorilla C3)", "[net][websocket]") {
  websocket_pair pair{compressed()};
  const auto content = compressible(1000);
  CHECK(pair.client.set_compression({.enabled = false}));
  CHECK(pair.client.write_text(content));
  CHECK(pair.heard(true) == lines{"data 1008", "text " + content});
  CHECK(pair.client.set_compression({}));
  CHECK(pair.client.write_text(content));
  CHECK(pair.heard(true)[0] != "data 1008");
  websocket_pair plain;
  CHECK(plain.client.write_text(content));
  CHECK(plain.heard(true) == lines{"data 1008", "text " + content});
}

TEST_CASE("websocket: every level of compression is understood (gorilla C4)", "[net][websocket]") {
  websocket_pair pair{compressed()};
  const auto content = compressible(3000);
  for (int level = -2; level <= 9; ++level) {
    CAPTURE(level);
    CHECK(pair.client.set_compression({.level = level}));
    CHECK(pair.client.write_text(content));
    CHECK(pair.heard() == lines{"text " + content});
  }
  CHECK(pair.client.set_compression({.level = -3}).code == errc::bad_arguments);
  CHECK(pair.client.set_compression({.level = 10}).code == errc::bad_arguments);
}

TEST_CASE("websocket: a compressed message is written piece by piece (gorilla W1)",
          "[net][websocket]") {
  for (const std::size_t length : {0U, 1U, 127U, 128U, 129U, 256U, 3000U}) {
    CAPTURE(length);
    auto settings = compressed();
    settings.write_buffer_bytes = 128;
    websocket_pair pair{std::move(settings)};
    const auto content = compressible(length);
    auto writer = pair.client.next_writer(message_type::binary);
    for (std::size_t at = 0; at < length; at += 50)
      CHECK(writer->write(std::string_view{content}.substr(at, 50)));
    CHECK(writer->finish());
    CHECK(pair.heard() == lines{"binary " + content});
  }
}

TEST_CASE("websocket: a prepared message is what a message is (gorilla W5)", "[net][websocket]") {
  const bool is_compressed = GENERATE(false, true);
  auto content = compressible(2000);
  const auto prepared = prepared_message::text(content);
  const auto expected = content;
  websocket_pair pair{{.is_compressed = is_compressed}};
  for (int level = -2; level <= 9; ++level) {
    CHECK(pair.client.set_compression({.level = level}));
    const auto usual = payload_of(pair, [&] { return pair.client.write_text(expected); });
    content.assign(content.size(), '?'); // the message has its own copy
    CHECK(payload_of(pair, [&] { return pair.client.write_prepared(prepared); }) == usual);
  }
  CHECK(pair.client.write_prepared(prepared));
  CHECK(pair.heard() == lines{"text " + expected});
}
