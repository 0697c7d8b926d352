#include "net/outbox.hpp"
#include "protocol/native_encode.hpp"
#include "protocol/ws_writer.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <string>

using namespace troupe;
using namespace troupe::protocol;
using troupe::net::outbox;
using troupe::net::outbox_pool;
using troupe::net::time_point;

namespace {

/// The outbox of a session.
struct session_box {
  outbox_pool pool;
  outbox box;
  sent_ring ring{10'000};

  ~session_box() { box.clear(pool); }
  void push(const frame_ptr& frame, const delivery& how = {}) {
    REQUIRE(box.push(frame, how, time_point{}, 10'000, pool) == verdict::queued);
  }
  void write(std::size_t bytes) { box.consume(bytes, pool, &ring); }
  std::size_t frames() const {
    std::array<byte_view, 16> parts;
    return box.gather(parts);
  }
};

frame_ptr counted(std::uint64_t n) {
  return make_frame(opcode::binary, encode_reply(n, content_kind::arguments).bytes());
}

frame_ptr latest_event() {
  return make_frame(opcode::binary, encode_server_event({.number = 1, .text = {}},
                                                        content_kind::raw, delivery_class::latest)
                                        .bytes());
}

} // namespace

TEST_CASE("outbox of a session: what is written is remembered", "[net][outbox]") {
  session_box s;
  s.push(counted(1));
  s.push(counted(2));
  s.write(counted(1)->size());
  CHECK(s.ring.last() == 1);
  s.write(1);
  CHECK(s.ring.last() == 1);
  s.write(counted(2)->size() - 1);
  CHECK(s.ring.last() == 2);
}

TEST_CASE("outbox of a session: what is half written belongs to the ring", "[net][outbox]") {
  session_box s;
  s.push(counted(1));
  s.push(counted(2));
  s.write(1);
  s.box.rewind(s.pool, s.ring);
  CHECK(s.ring.last() == 1);
  CHECK(s.frames() == 1);
  CHECK(s.box.bytes() == counted(2)->size());
}

TEST_CASE("outbox of a session: a half written message that does not count waits",
          "[net][outbox]") {
  session_box s;
  s.push(latest_event(), latest(1));
  s.write(1);
  s.box.rewind(s.pool, s.ring);
  CHECK(s.ring.last() == 0);
  CHECK(s.box.bytes() == latest_event()->size());
  CHECK(s.box.push(latest_event(), latest(1), time_point{}, 10'000, s.pool) == verdict::replaced);
}

TEST_CASE("outbox of a session: what TLS was promised is remembered once", "[net][outbox]") {
  session_box s;
  for (std::uint64_t n = 1; n <= 4; ++n)
    s.push(counted(n));
  s.box.freeze(2, s.pool, &s.ring);
  CHECK(s.ring.last() == 2);
  SECTION("and written") {
    s.write(s.box.bytes());
    CHECK(s.ring.last() == 4);
  }
  SECTION("and promised again with more") {
    s.box.freeze(2, s.pool, &s.ring);
    CHECK(s.ring.last() == 3);
    s.write(s.box.bytes());
    CHECK(s.ring.last() == 4);
  }
  SECTION("and lost") {
    s.box.rewind(s.pool, s.ring);
    CHECK(s.ring.last() == 2);
    CHECK(s.box.bytes() == 2 * counted(1)->size());
  }
}

TEST_CASE("outbox of a session: control frames end with their socket", "[net][outbox]") {
  session_box s;
  s.push(make_frame(opcode::ping, as_bytes("old")));
  s.push(counted(1));
  s.push(make_close_frame(close_code::normal));
  s.box.rewind(s.pool, s.ring);
  CHECK(s.frames() == 1);
  CHECK(s.box.bytes() == counted(1)->size());
}
