#include "protocol/deflate.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <zlib.h>

namespace troupe::test {

using protocol::operation;

namespace {

constexpr std::string_view offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

config compressing() {
  auto settings = quick_config();
  settings.compression = true;
  return settings;
}

void add_chat(server& to) {
  auto& chat = to.endpoint("/chat").without_rate_limits();
  chat.rooms().relay_to_all("say");
}

/// `content` as the payload of a compressed message.
std::string deflate_message(std::string_view content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()) + 16, '\0');
  std::string in{content};
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_SYNC_FLUSH);
  out.resize(out.size() - stream.avail_out - 4); // without the empty block at the end
  deflateEnd(&stream);
  return out;
}

std::string inflate_message(std::string_view payload) {
  protocol::inflater inflater;
  std::vector<std::byte> out;
  CHECK(inflater.inflate(as_bytes(payload), 1'000'000, out) == errc::ok);
  return std::string{as_text(out)};
}

} // namespace

TEST_CASE("compression: it is off unless the server and the client want it",
          "[integration][compression]") {
  const running_server off;
  const running_server on{compressing()};
  auto extensions = [](const running_server& server, std::string_view fields) {
    return ws_client{server.port(), "/raw", fields}.answer().field("Sec-WebSocket-Extensions");
  };
  CHECK(extensions(off, offer) == "");
  CHECK(extensions(on, "") == "");
  CHECK(extensions(on, "Sec-WebSocket-Extensions: x-other\r\n") == "");
  CHECK(extensions(on, offer).find("permessage-deflate") == 0);
}

TEST_CASE("compression: a client may send compressed messages", "[integration][compression]") {
  const running_server server{compressing()};
  ws_client client{server.port(), "/raw", offer};
  const std::string content(10'000, 'a');
  client.send(client_frame(fin | text | rsv1, deflate_message(content)));
  auto answer = client.next_frame();
  REQUIRE(answer);
  CHECK(((answer->first_byte & rsv1) != 0 ? inflate_message(answer->payload) : answer->payload)
        == content);
  SECTION("in fragments") {
    const auto packed = deflate_message("one two three");
    client.send(client_frame(text | rsv1, packed.substr(0, 3))
                + client_frame(fin | continuation, packed.substr(3)));
    CHECK(client.next_frame()->payload == "one two three");
  }
  SECTION("and others in between") {
    client.send_text("plain");
    CHECK(client.next_frame()->payload == "plain");
  }
}

TEST_CASE("compression: what inflates beyond the limit ends with 1009",
          "[integration][compression]") {
  const running_server server{compressing()};
  ws_client client{server.port(), "/raw", offer};
  SECTION("by a byte") {
    client.send(client_frame(fin | text | rsv1, deflate_message(std::string(65'537, 'a'))));
  }
  SECTION("a bomb") {
    client.send(client_frame(fin | text | rsv1, deflate_message(std::string(50'000'000, 'a'))));
  }
  SECTION("a declared length without content") {
    client.send(encode({.first_byte = text | rsv1, .declared_length = std::uint64_t{1} << 36}));
  }
  CHECK(client.wait_close().code == 1009);
  CHECK(serves(server));
}

TEST_CASE("compression: wrong compressed messages end the connection",
          "[integration][compression]") {
  const running_server server{compressing()};
  ws_client client{server.port(), "/raw", offer};
  SECTION("no deflated data") {
    client.send(client_frame(fin | binary | rsv1, "\xFF\xFF\xFF\xFF"));
    CHECK(client.wait_close().code == 1002);
  }
  SECTION("a compressed control frame") {
    client.send(client_frame(fin | ping | rsv1, "x"));
    CHECK(client.wait_close().code == 1002);
  }
  SECTION("the bit on a continuation") {
    client.send(client_frame(text, "a") + client_frame(fin | continuation | rsv1, "b"));
    CHECK(client.wait_close().code == 1002);
  }
  SECTION("text that is no UTF-8 inside") {
    client.send(client_frame(fin | text | rsv1, deflate_message("a\xFF")));
    CHECK(client.wait_close().code == 1007);
  }
  CHECK(serves(server));
}

TEST_CASE("compression: a room reaches compressed and plain members",
          "[integration][compression]") {
  const running_server server{compressing(), add_chat};
  native_client plain{server.port()};
  const auto room = plain.join("lobby");
  ws_client packed{server.port(), "/chat",
                   std::string{"Sec-WebSocket-Protocol: troupe.v1\r\n"}.append(offer)};
  auto receive = [&packed] {
    const auto frame = packed.next_frame();
    const auto is_compressed = frame && (frame->first_byte & rsv1) != 0;
    return std::pair{
        native_message{is_compressed ? inflate_message(frame->payload) : frame->payload},
        frame->payload.size()};
  };
  CHECK(receive().first->op == operation::hello);
  packed.send_binary(
      as_text(protocol::encode_client({.op = operation::join, .ask_id = 1, .text = "lobby"})));
  CHECK(receive().first->op == operation::joined);
  const std::string content(5'000, 'z');
  plain.publish(room, "say", content);
  CHECK(plain.wait_for(operation::room_event).argument<std::string>() == content);
  const auto [event, size] = receive();
  CHECK(event.argument<std::string>() == content);
  CHECK(size < 200);
}

} // namespace troupe::test
