#include "net/outbox.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/count_allocations.hpp"
#include "tests/support/outbox_model.hpp"

#include <array>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using troupe::as_bytes;
using troupe::as_text;
using troupe::byte_view;
using troupe::delivery;
using troupe::droppable;
using troupe::latest;
using troupe::ordered;
using troupe::verdict;
using troupe::net::outbox;
using troupe::net::outbox_pool;
using troupe::net::time_point;
using troupe::test::text_frame;

namespace {

constexpr std::size_t limit = 10;
const time_point now = time_point{} + 1h;

/// An outbox with its pool, in terms of texts.
struct sketch {
  outbox_pool pool;
  outbox box;

  ~sketch() { box.clear(pool); }

  verdict push(std::string_view text, const delivery& how = {}, std::size_t bound = limit) {
    return box.push(text_frame(text), how, now, bound, pool);
  }
  /// Everything that waits, frames separated by '|'.
  std::string queued() const {
    std::array<byte_view, 32> parts;
    std::string result;
    for (std::size_t i = 0, count = box.gather(parts); i < count; ++i)
      result += (i == 0 ? "" : "|") + std::string{as_text(parts[i])};
    return result;
  }
};

} // namespace

TEST_CASE("outbox: keeps ordered frames in order, up to the bound", "[net][outbox]") {
  sketch s;
  CHECK(s.push("abcd") == verdict::queued);
  CHECK(s.push("efghij") == verdict::queued);
  CHECK(s.push("k") == verdict::overflow);
  CHECK(s.queued() == "abcd|efghij");
  CHECK(s.box.bytes() == 10);
}

TEST_CASE("outbox: one frame beyond the bound fits when nothing waits", "[net][outbox]") {
  sketch s;
  CHECK(s.push("0123456789abc") == verdict::queued);
  CHECK(s.push("d") == verdict::overflow);
  CHECK(s.push("d", latest(1)) == verdict::dropped);
  CHECK(s.push("d", droppable(255)) == verdict::dropped);
}

TEST_CASE("outbox: a latest frame takes the place of its key's", "[net][outbox]") {
  sketch s;
  CHECK(s.push("a1", latest(1)) == verdict::queued);
  CHECK(s.push("b1", latest(2)) == verdict::queued);
  CHECK(s.push("oo") == verdict::queued);
  CHECK(s.push("a2!", latest(1)) == verdict::replaced);
  CHECK(s.queued() == "a2!|b1|oo");
  CHECK(s.box.bytes() == 7);
}

TEST_CASE("outbox: what has begun to be written is not replaced", "[net][outbox]") {
  sketch s;
  CHECK(s.push("abc", latest(1)) == verdict::queued);
  s.box.consume(1, s.pool);
  CHECK(s.push("xyz", latest(1)) == verdict::queued);
  CHECK(s.queued() == "bc|xyz");
  CHECK(s.push("XYZ", latest(1)) == verdict::replaced);
  CHECK(s.queued() == "bc|XYZ");
}

TEST_CASE("outbox: a longer latest frame must not burst the bound", "[net][outbox]") {
  sketch s;
  REQUIRE(s.push("oooo") == verdict::queued);
  REQUIRE(s.push("dd", droppable()) == verdict::queued);
  REQUIRE(s.push("a", latest(1)) == verdict::queued);
  SECTION("it is dropped if nothing gives way") {
    CHECK(s.push("0123456", latest(1)) == verdict::dropped);
    CHECK(s.queued() == "oooo|a");
  }
  SECTION("droppable frames give way to it") {
    CHECK(s.push("012345", latest(1)) == verdict::replaced);
    CHECK(s.queued() == "oooo|012345");
  }
  SECTION("a shorter one is welcome even past the bound") {
    CHECK(s.push("b", latest(1), 3) == verdict::replaced);
    CHECK(s.queued() == "oooo|dd|b");
  }
}

TEST_CASE("outbox: droppable frames give way in order of priority", "[net][outbox]") {
  sketch s;
  REQUIRE(s.push("55", droppable(5)) == verdict::queued);
  REQUIRE(s.push("11", droppable(1)) == verdict::queued);
  REQUIRE(s.push("33", droppable(3)) == verdict::queued);
  REQUIRE(s.push("oooo") == verdict::queued);
  SECTION("the lowest first, no more than needed") {
    CHECK(s.push("xx", droppable(9)) == verdict::queued);
    CHECK(s.queued() == "55|33|oooo|xx");
  }
  SECTION("equal priority gives way") {
    CHECK(s.push("xx", droppable(1)) == verdict::queued);
    CHECK(s.queued() == "55|33|oooo|xx");
  }
  SECTION("higher priority stays") {
    CHECK(s.push("xx", droppable(0)) == verdict::dropped);
    CHECK(s.queued() == "55|11|33|oooo");
  }
  SECTION("all give way to ordered frames") {
    CHECK(s.push("xxxxxx") == verdict::queued);
    CHECK(s.queued() == "oooo|xxxxxx");
  }
  SECTION("not what is partly written") {
    s.box.consume(1, s.pool);
    CHECK(s.push("xxxxxx") == verdict::overflow);
    CHECK(s.queued() == "5|oooo");
  }
}

TEST_CASE("outbox: droppable frames expire", "[net][outbox]") {
  sketch s;
  REQUIRE(s.push("a", droppable(0, 10ms)) == verdict::queued);
  REQUIRE(s.push("b", droppable()) == verdict::queued);
  REQUIRE(s.push("c", droppable(0, 20ms)) == verdict::queued);
  s.box.expire(now + 9ms, s.pool);
  CHECK(s.queued() == "a|b|c");
  s.box.expire(now + 10ms, s.pool);
  CHECK(s.queued() == "b|c");
  s.box.expire(now + 1h, s.pool);
  CHECK(s.queued() == "b");
}

TEST_CASE("outbox: appends to a private frame only", "[net][outbox]") {
  sketch s;
  CHECK(!s.box.append(as_bytes("h"), as_bytes("p"), limit));
  SECTION("while there is room and the bound is kept") {
    REQUIRE(s.box.push(text_frame("ab", 20), {}, now, limit, s.pool) == verdict::queued);
    CHECK(s.box.append(as_bytes("h"), as_bytes("payload"), limit));
    CHECK(!s.box.append(as_bytes("h"), {}, limit));
    CHECK(s.box.append(as_bytes("h"), {}, 2 * limit));
    CHECK(!s.box.append(as_bytes("0123456"), as_bytes("89012"), 100));
    CHECK(s.queued() == "abhpayloadh");
    CHECK(s.box.bytes() == 11);
  }
  SECTION("not to what others hold") {
    auto shared = text_frame("ab", 20);
    REQUIRE(s.box.push(shared, {}, now, limit, s.pool) == verdict::queued);
    CHECK(!s.box.append(as_bytes("h"), as_bytes("p"), limit));
    CHECK(as_text(shared->bytes()) == "ab");
  }
  SECTION("not to what may be replaced or dropped") {
    auto how = GENERATE(latest(1), droppable());
    REQUIRE(s.box.push(text_frame("ab", 20), how, now, limit, s.pool) == verdict::queued);
    CHECK(!s.box.append(as_bytes("h"), as_bytes("p"), limit));
  }
}

TEST_CASE("outbox: what is frozen stays as it is", "[net][outbox]") {
  sketch s;
  REQUIRE(s.push("ab", latest(1)) == verdict::queued);
  REQUIRE(s.push("cd", droppable(0, 1ms)) == verdict::queued);
  REQUIRE(s.push("ef") == verdict::queued);
  s.box.consume(1, s.pool);
  s.box.freeze(2, s.pool);
  CHECK(s.queued() == "bcd|ef");
  CHECK(s.push("xy", latest(1)) == verdict::queued);
  s.box.expire(now + 1h, s.pool);
  CHECK(s.queued() == "bcd|ef|xy");
  s.box.consume(4, s.pool);
  CHECK(s.queued() == "f|xy");
  CHECK(s.box.bytes() == 3);
}

TEST_CASE("outbox: keeps only what is partly written", "[net][outbox]") {
  sketch s;
  REQUIRE(s.push("abc") == verdict::queued);
  REQUIRE(s.push("def", latest(1)) == verdict::queued);
  SECTION("the rest of the first frame") {
    s.box.consume(1, s.pool);
    CHECK(s.box.has_waiting_ordered() == false);
    s.box.keep_only_started(s.pool);
    CHECK(s.queued() == "bc");
    CHECK(s.push("x") == verdict::queued);
    CHECK(s.queued() == "bc|x");
  }
  SECTION("nothing if none was begun") {
    CHECK(s.box.has_waiting_ordered());
    s.box.keep_only_started(s.pool);
    CHECK(s.box.is_empty());
    CHECK(s.box.bytes() == 0);
  }
}

TEST_CASE("outbox: pushing allocates nothing once the pool is warm", "[net][outbox]") {
  sketch s;
  auto shared = text_frame("ab");
  auto round = [&] {
    for (int i = 0; i < 100; ++i)
      CHECK(s.box.push(shared, ordered(), now, 1'000, s.pool) == verdict::queued);
    s.box.consume(s.box.bytes(), s.pool);
  };
  round();
  std::size_t spent = 0;
  for (int i = 0; i < 50; ++i) {
    auto before = troupe::test::allocations();
    for (int k = 0; k < 100; ++k)
      static_cast<void>(s.box.push(shared, ordered(), now, 1'000, s.pool));
    s.box.consume(s.box.bytes(), s.pool);
    spent += troupe::test::allocations() - before;
  }
  CHECK(spent == 0);
  CHECK(shared.is_unique());
}

TEST_CASE("outbox: a key is found among many frames", "[net][outbox]") {
  sketch s;
  constexpr std::size_t bound = 1'000'000;
  const auto push = [&s](std::string_view text, const delivery& how = {}) {
    return s.push(text, how, bound);
  };
  for (std::uint64_t key = 0; key < 500; ++key) {
    CHECK(push("o") == verdict::queued);
    CHECK(push("old", latest(key)) == verdict::queued);
  }
  for (std::uint64_t key = 0; key < 500; ++key)
    CHECK(push("new", latest(key)) == verdict::replaced);
  CHECK(s.box.holds_latest(499));
  CHECK_FALSE(s.box.holds_latest(500));
  s.box.consume(1 + 1, s.pool); // "o" and the first byte of key 0
  CHECK(push("newer", latest(0)) == verdict::queued);
  CHECK(push("newest", latest(0)) == verdict::replaced);
  s.box.consume(2, s.pool);
  CHECK(push("last 0", latest(0)) == verdict::replaced);
  CHECK(push("last 1", latest(1)) == verdict::replaced);
  s.box.freeze(4, s.pool); // "o", key 1, "o", key 2
  CHECK(push("again", latest(1)) == verdict::queued);
  CHECK(push("other", latest(3)) == verdict::replaced);
  s.box.keep_only_started(s.pool);
  CHECK(push("fresh", latest(3)) == verdict::queued);
  CHECK(s.queued() == "olast 1onew|fresh");
}

TEST_CASE("outbox: one takes all of another", "[net][outbox]") {
  sketch s;
  outbox other;
  s.box.take_all(other);
  CHECK(s.box.is_empty());
  CHECK(other.push(text_frame("bb"), latest(1), now, limit, s.pool) == verdict::queued);
  CHECK(other.push(text_frame("c"), droppable(0, 1s), now, limit, s.pool) == verdict::queued);
  s.push("a");
  s.box.take_all(other);
  CHECK(other.is_empty());
  CHECK(other.bytes() == 0);
  CHECK(s.queued() == "a|bb|c");
  CHECK(s.box.bytes() == 4);
  CHECK(s.push("B", latest(1)) == verdict::replaced);
  s.box.expire(now + 2s, s.pool);
  CHECK(s.push("d") == verdict::queued);
  CHECK(s.queued() == "a|B|d");
}
