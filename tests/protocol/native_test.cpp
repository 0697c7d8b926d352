#include "protocol/native_encode.hpp"
#include "protocol/native_frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <random>

using namespace troupe;
using namespace troupe::protocol;
using troupe::test::from_hex;
using troupe::test::to_hex;

namespace {

/// Messages with random fields within their ranges. Views refer to static storage.
class random_messages {
public:
  explicit random_messages(unsigned seed) : random_{seed} {}

  message next(bool from_client) {
    constexpr operation client[] = {operation::event, operation::ask,    operation::reply,
                                    operation::error, operation::join,   operation::leave,
                                    operation::clock, operation::publish};
    constexpr operation server[] = {operation::hello, operation::event,      operation::ask,
                                    operation::reply, operation::error,      operation::joined,
                                    operation::left,  operation::room_event, operation::presence,
                                    operation::clock, operation::restarted,  operation::received};
    return from_client ? with_fields(client[random_() % std::size(client)], true)
                       : with_fields(server[random_() % std::size(server)], false);
  }

private:
  std::uint64_t number() { return random_() >> (random_() % 64); }
  std::uint64_t positive() { return number() | 1; }
  std::uint64_t room() { return positive() & max_room_number; }

  event_name name() {
    if (random_() % 2 == 0)
      return {number() >> 1, {}};
    return {0, text_.substr(random_() % 64, 1 + random_() % 128)};
  }

  delivery how(bool from_client) {
    const auto cls = random_() % 3;
    if (!from_client)
      return {.cls = static_cast<delivery_class>(cls)};
    if (cls == 1)
      return latest(number());
    if (cls == 2)
      return droppable(static_cast<std::uint8_t>(random_()),
                       std::chrono::milliseconds{number() & 0xFFFFFFFF});
    return ordered();
  }

  void add_payload(message& to, bool may_be_raw) {
    const bool is_raw = may_be_raw && random_() % 2 == 0;
    to.content = is_raw ? content_kind::raw : content_kind::arguments;
    to.payload = as_bytes(is_raw ? "\xC1 any bytes" : random_() % 2 == 0 ? "" : "\x92\x01\xA1x");
  }

  message with_fields(operation op, bool from_client) {
    message m{.op = op};
    if (op == operation::event || op == operation::publish || op == operation::room_event) {
      m.how = how(from_client);
      m.room = op == operation::event ? 0 : room();
      m.sender = op == operation::room_event ? number() : 0;
      m.name = name();
      add_payload(m, true);
    } else if (op == operation::clock) {
      m.client_time = number();
      m.server_time = from_client ? 0 : number();
    } else if (op == operation::join || op == operation::leave) {
      m.ask_id = positive();
      add_room(m);
    } else {
      add_answer_fields(m);
      add_server_fields(m);
    }
    return m;
  }

  void add_room(message& m) {
    if (m.op != operation::join)
      m.room = room();
    if (m.op == operation::join || m.op == operation::joined) {
      m.text = text_.substr(0, 1 + random_() % 128);
      add_payload(m, false);
    }
  }

  void add_answer_fields(message& m) {
    if (m.op == operation::ask || m.op == operation::reply) {
      m.ask_id = positive();
      m.name = m.op == operation::ask ? name() : event_name{};
      add_payload(m, true);
    } else if (m.op == operation::error) {
      m.ask_id = number();
      m.code = static_cast<errc>(1 + random_() % 255);
      m.text = random_() % 2 == 0 ? "" : "zu sp\xC3\xA4t";
    }
  }

  void add_server_fields(message& m) {
    if (m.op == operation::hello) {
      m.version = number();
      m.connection = positive();
      m.server_time = number();
      add_payload(m, false);
    } else if (m.op == operation::joined || m.op == operation::left) {
      m.ask_id = number();
      m.members = m.op == operation::joined ? number() : 0;
      m.reason = static_cast<left_reason>(m.op == operation::left ? random_() % 256 : 0);
      add_room(m);
    } else if (m.op == operation::presence) {
      m.kind = static_cast<presence_kind>(1 + random_() % 255);
      add_room(m);
      add_payload(m, false);
    } else if (m.op == operation::received) {
      m.count = number();
    } else if (m.op == operation::restarted) {
      m.epoch = number();
      add_room(m);
    }
  }

  std::mt19937_64 random_;
  std::string long_text_ = [] {
    std::string text;
    while (text.size() < 192)
      text += "aZ09_.:/-";
    return text;
  }();
  std::string_view text_ = long_text_;
};

} // namespace

TEST_CASE("native: random messages survive a round trip", "[protocol][native]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  random_messages messages{seed};
  for (int i = 0; i < 20'000; ++i) {
    const bool from_client = i % 2 == 0;
    const auto value = messages.next(from_client);
    const auto bytes = from_client ? encode_client(value) : encode_server(value);
    CAPTURE(to_hex(bytes));
    const auto decoded = from_client ? decode_client(bytes) : decode_server(bytes);
    REQUIRE(decoded);
    REQUIRE(*decoded == value);
  }
}

TEST_CASE("native: corrupted messages are decoded or refused with a reason", "[protocol][native]") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  random_messages messages{seed};
  std::mt19937 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    auto bytes =
        i % 2 == 0 ? encode_client(messages.next(true)) : encode_server(messages.next(false));
    bytes[random() % bytes.size()] ^= static_cast<std::byte>(1 + random() % 255);
    for (const auto& decoded : {decode_client(bytes), decode_server(bytes)}) {
      if (decoded)
        continue;
      REQUIRE(decoded.error().code != errc::ok);
      REQUIRE_FALSE(decoded.error().reason.empty());
      REQUIRE(decoded.error().offset <= bytes.size());
    }
  }
}

TEST_CASE("native: names follow their grammar", "[protocol][native]") {
  for (int c = 0; c < 256; ++c) {
    const std::string name(1, static_cast<char>(c));
    const bool allowed = std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789_.:/-"}
                             .find(name)
                         != std::string_view::npos;
    CAPTURE(c);
    CHECK(is_valid_name(name) == allowed);
  }
  CHECK_FALSE(is_valid_name(""));
  CHECK(is_valid_name(std::string(128, 'x')));
  CHECK_FALSE(is_valid_name(std::string(129, 'x')));
}

TEST_CASE("native: a name that is too long is cut, not written past the end",
          "[protocol][native]") {
  const std::string name(100'000, 'x');
  CHECK(encode_join(1, name).size() == 1 + 1 + 2 + 128);
  CHECK(encode_publish(1, {0, name}, content_kind::raw).size() == 1 + 1 + 2 + 128);
}

TEST_CASE("native: a room event adds at most 12 bytes to a RAW payload", "[protocol][native]") {
  const auto front = encode_room_event(16'383, 268'435'455, {8'191, {}}, content_kind::raw);
  CHECK(front.size() == 9);
  CHECK(encode_room_event(1, 18'000, {0, {}}, content_kind::raw).size() == 6);
}

TEST_CASE("native: encode_frame builds header, envelope and payload", "[protocol][native]") {
  const auto front = encode_server_event({5, {}}, content_kind::raw);
  CHECK(to_hex(encode_frame(front, from_hex("0102"))->bytes()) == "8204210a0102");
  const std::vector<std::byte> large(70'000, std::byte{7});
  const auto frame = encode_frame(front, large);
  CHECK(frame->size() == 10 + 2 + 70'000);
  CHECK(frame->size() == frame->capacity());
  CHECK(to_hex(frame->bytes().first(13)) == "827f0000000000011172210a07");
}

TEST_CASE("native: a refusal is a sentence", "[protocol][native]") {
  CHECK(decode_client(from_hex("018000")).error().text()
        == "offset 1: the number is encoded in more bytes than necessary");
}
