#include "troupe/game/archive.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <list>
#include <map>
#include <set>

using namespace troupe::game;
using troupe::byte_view;

namespace {

enum class colour : std::uint8_t { red, green };

struct inner {
  float x = 0;
  std::vector<std::string> names;
  friend bool operator==(const inner&, const inner&) = default;
};
BOOST_DESCRIBE_STRUCT(inner, (), (x, names))

struct outer {
  bool flag = false;
  std::int8_t tiny = 0;
  std::int64_t big = 0;
  std::uint64_t unsigned_big = 0;
  double number = 0;
  colour shade = colour::red;
  std::optional<inner> maybe;
  std::variant<int, std::string> either;
  std::map<std::uint32_t, inner> by_id;
  std::set<int> numbers;
  std::list<bool> flags;
  std::array<std::uint16_t, 3> triple{};
  std::pair<int, std::string> both;
  std::chrono::milliseconds time{0};
  std::vector<std::byte> blob;
  friend bool operator==(const outer&, const outer&) = default;
};
BOOST_DESCRIBE_STRUCT(outer, (),
                      (flag, tiny, big, unsigned_big, number, shade, maybe, either, by_id, numbers,
                       flags, triple, both, time, blob))

/// Keeps its state in a form that only it understands.
struct by_hand {
  int twice = 0;
  void save(state_writer& to) { to(twice / 2); }
  bool load(state_reader& from) {
    int half = 0;
    const bool fits = from(half) && half < 1'000;
    twice = 2 * half;
    return fits;
  }
};

outer make_sample() {
  return {.flag = true,
          .tiny = -128,
          .big = std::numeric_limits<std::int64_t>::min(),
          .unsigned_big = std::numeric_limits<std::uint64_t>::max(),
          .number = -0.1,
          .shade = colour::green,
          .maybe = inner{1.5F, {"a", ""}},
          .either = "text",
          .by_id = {{7, {2.5F, {}}}, {900, {0, {"long enough to need the heap, surely"}}}},
          .numbers = {-1, 300},
          .flags = {true, false},
          .triple = {1, 2, 65'535},
          .both = {-5, "five"},
          .time = std::chrono::milliseconds{-3},
          .blob = {std::byte{0}, std::byte{255}}};
}

std::vector<std::byte> written(const auto&... values) {
  state_writer to;
  to(values...);
  return to.take();
}

} // namespace

TEST_CASE("archive: what was written is read again", "[game][archive]") {
  const auto sample = make_sample();
  const auto bytes = written(sample, 5);
  state_reader from{bytes};
  outer read;
  int five = 0;
  REQUIRE(from(read, five));
  CHECK(from.is_done());
  CHECK(read == sample);
  CHECK(five == 5);
}

TEST_CASE("archive: the bytes are the documented ones", "[game][archive]") {
  const auto bytes = written(300U, -1, true, std::uint8_t{200}, 1.0F, std::string{"ab"});
  const std::array<unsigned, 12> expected{0xAC, 0x02, 0x01, 0x01, 0xC8, 0x00,
                                          0x00, 0x80, 0x3F, 0x02, 'a',  'b'};
  REQUIRE(bytes.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(std::to_integer<unsigned>(bytes[i]) == expected[i]);
}

TEST_CASE("archive: not a number keeps its bits", "[game][archive]") {
  const auto bytes = written(std::nan("1"), -0.0);
  double a = 0;
  double b = 0;
  state_reader from{bytes};
  REQUIRE(from(a, b));
  CHECK(std::isnan(a));
  CHECK(std::signbit(b));
}

TEST_CASE("archive: classes may save themselves", "[game][archive]") {
  by_hand read;
  const auto good = written(by_hand{84});
  CHECK(state_reader{good}(read));
  CHECK(read.twice == 84);
  const auto bad = written(1'000);
  CHECK(!state_reader{bad}(read));
}

TEST_CASE("archive: bytes that end too early are refused everywhere", "[game][archive]") {
  const auto bytes = written(make_sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    outer read;
    state_reader from{byte_view{bytes}.first(size)};
    CHECK(!from(read));
    CHECK(!from.is_good());
    int more = 0;
    CHECK(!from(more));
  }
}

TEST_CASE("archive: reading survives any damage", "[game][archive]") {
  const auto bytes = written(make_sample());
  random_source numbers{11};
  for (int i = 0; i < 20'000; ++i) {
    auto damaged = bytes;
    for (std::uint32_t hits = 1 + numbers.below(4); hits > 0; --hits)
      damaged[numbers.below(static_cast<std::uint32_t>(damaged.size()))] =
          static_cast<std::byte>(numbers.below(256));
    outer read;
    state_reader from{damaged};
    if (from(read))
      CHECK(written(read).size() <= damaged.size() + 10);
  }
}

TEST_CASE("archive: a count beyond the bytes allocates nothing", "[game][archive]") {
  const auto bytes = written(std::numeric_limits<std::uint64_t>::max());
  std::vector<double> numbers;
  std::string text;
  CHECK(!state_reader{bytes}(numbers));
  CHECK(!state_reader{bytes}(text));
  CHECK(text.capacity() < 100);
}

TEST_CASE("hash_state: depends on every byte and on their number", "[game][archive]") {
  std::vector<std::byte> bytes(200);
  std::set<std::uint64_t> seen{hash_state(bytes)};
  for (auto& each : bytes) {
    each = std::byte{1};
    CHECK(seen.insert(hash_state(bytes)).second);
    each = std::byte{0};
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(seen.insert(hash_state(byte_view{bytes}.first(size))).second);
}

TEST_CASE("hash_state: words that change places change it", "[game][archive]") {
  std::vector<std::byte> bytes(256);
  std::set<std::uint64_t> seen{hash_state(bytes)};
  for (std::size_t word = 0; word < bytes.size(); word += 8) {
    bytes[word] = std::byte{7};
    CHECK(seen.insert(hash_state(bytes)).second);
    bytes[word] = std::byte{0};
  }
}

TEST_CASE("hash_state: is the same on every machine", "[game][archive]") {
  std::vector<std::byte> bytes;
  for (int i = 0; i < 150; ++i)
    bytes.push_back(static_cast<std::byte>(i));
  CHECK(hash_state({}) == 0x5CBDA3A3CC2DD885);
  CHECK(hash_state(bytes) == 0x38FBA810119F5C93);
}

TEST_CASE("hash_state: a word that cancels a constant hides nothing before it", "[game][archive]") {
  std::vector<std::byte> first(256);
  constexpr std::uint64_t constant = 0x9E3779B97F4A7C15U;
  for (std::size_t i = 0; i < 8; ++i)
    first[64 + i] = static_cast<std::byte>(constant >> (8 * i) & 0xFF);
  auto second = first;
  second[0] = std::byte{1};
  CHECK(hash_state(first) != hash_state(second));
}

TEST_CASE("archive: arrays of bytes are copied, arrays of truths are checked", "[game][archive]") {
  const std::array<std::uint8_t, 3> bytes{1, 2, 250};
  const auto written_bytes = written(bytes);
  CHECK(written_bytes.size() == 3);
  std::array<std::uint8_t, 3> read{};
  CHECK(state_reader{written_bytes}(read));
  CHECK(read == bytes);
  std::array<bool, 3> truths{};
  CHECK(!state_reader{written_bytes}(truths));
}
