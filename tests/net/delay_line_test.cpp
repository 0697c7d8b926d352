#include "net/delay_line.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace troupe;
using namespace troupe::net;
using namespace std::chrono_literals;

namespace {

const time_point start{1h};

std::string take(delay_line& from, time_point now) {
  std::string taken{as_text(from.arrived(now))};
  from.pop(taken.size());
  return taken;
}

} // namespace

TEST_CASE("delay_line: bytes come out after the latency", "[net][delay_line]") {
  delay_line line{{.latency = 100ms}, 1};
  line.push(as_bytes("one"), start);
  line.push(as_bytes("two"), start + 10ms);
  CHECK(line.next_arrival() == start + 100ms);
  CHECK(take(line, start + 99ms).empty());
  CHECK(take(line, start + 100ms) == "one");
  CHECK(line.next_arrival() == start + 110ms);
  CHECK(take(line, start + 1h) == "two");
  CHECK(line.is_empty());
  CHECK(!line.next_arrival());
}

TEST_CASE("delay_line: jitter delays further and never exchanges", "[net][delay_line]") {
  delay_line line{{.latency = 50ms, .jitter = 30ms}, 2};
  std::string sent;
  std::string got;
  auto last = start;
  bool is_early = false;
  bool varies = false;
  for (int i = 0; i < 1'000; ++i) {
    const auto now = start + i * 100ms;
    line.push(as_bytes(std::to_string(i)), now);
    sent += std::to_string(i);
    const auto arrival = *line.next_arrival();
    is_early = is_early || arrival < now + 50ms || arrival > now + 80ms || arrival < last;
    varies = varies || arrival > now + 65ms;
    last = arrival;
    got += take(line, now + 80ms);
  }
  CHECK(!is_early);
  CHECK(varies);
  CHECK(got == sent);
}

TEST_CASE("delay_line: bytes that come together stay in order", "[net][delay_line]") {
  delay_line line{{.latency = 5ms, .jitter = 40ms, .loss = 0.2}, 3};
  std::string sent;
  for (int i = 0; i < 40; ++i)
    sent += std::string(999, static_cast<char>('a' + i % 26));
  std::string got;
  line.push(as_bytes(sent).first(30'000), start);
  line.push(as_bytes(sent).subspan(30'000), start + 1ms);
  for (auto now = start; !line.is_empty(); now += 1ms)
    got += take(line, now);
  CHECK(got == sent);
}

TEST_CASE("delay_line: the rate holds, packet by packet", "[net][delay_line]") {
  delay_line line{{.bytes_per_s = 64'000}, 4};
  line.push(as_bytes(std::string(16'000, 'x')), start);
  CHECK(take(line, start + 20ms).empty()); // the first packet takes 21.9 ms
  std::size_t got = take(line, start + 125ms).size();
  CHECK(got > 6'000);
  CHECK(got <= 8'000);
  got += take(line, start + 249ms).size();
  CHECK(got < 16'000);
  got += take(line, start + 250ms).size();
  CHECK(got == 16'000);
}

TEST_CASE("delay_line: a line that was idle has saved nothing up", "[net][delay_line]") {
  delay_line line{{.bytes_per_s = 10'000}, 5};
  line.push(as_bytes("x"), start);
  CHECK(take(line, start + 1s) == "x");
  line.push(as_bytes(std::string(10'000, 'x')), start + 1h);
  CHECK(take(line, start + 1h + 500ms).size() <= 5'000);
}

TEST_CASE("delay_line: it takes what is on its way and little more", "[net][delay_line]") {
  CHECK(delay_line{{}, 1}.capacity() == 256 * 1024);
  CHECK(delay_line{{.latency = 750ms, .bytes_per_s = 64'000}, 1}.capacity() == 64'000);
  CHECK(delay_line{{.bytes_per_s = 1'000}, 1}.capacity() == 16 * 1024);
  CHECK(delay_line{{.latency = 10s, .bytes_per_s = 1'000'000'000}, 1}.capacity() == 256 * 1024);
  delay_line line{{}, 1};
  line.push(as_bytes(std::string(1'000, 'x')), start);
  CHECK(line.room() == line.capacity() - 1'000);
  line.pop(600);
  CHECK(line.room() == line.capacity() - 400);
  line.clear();
  CHECK(line.room() == line.capacity());
  CHECK(line.arrived(start + 1h).empty());
}

TEST_CASE("delay_line: loss shows as stalls, as often as is said", "[net][delay_line]") {
  delay_line line{{.latency = 10ms, .loss = 0.05}, 6};
  int stalls = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto now = start + i * 10s;
    line.push(as_bytes("x"), now);
    const auto late = *line.next_arrival() - now;
    CHECK((late == 10ms || late >= 230ms));
    stalls += late > 10ms ? 1 : 0;
    take(line, now + 10s);
  }
  CHECK(stalls > 400);
  CHECK(stalls < 600);
}

TEST_CASE("delay_line: what has arrived may be taken in pieces", "[net][delay_line]") {
  delay_line line{{.latency = 1ms}, 7};
  std::string sent;
  for (int i = 0; i < 5'000; ++i)
    sent += static_cast<char>('a' + i % 26);
  line.push(as_bytes(sent), start);
  std::string got;
  for (std::size_t piece = 1; !line.is_empty(); piece += 7) {
    const auto bytes = line.arrived(start + 1ms);
    const auto taken = bytes.first(std::min(piece, bytes.size()));
    got += as_text(taken);
    line.pop(taken.size());
  }
  CHECK(got == sent);
}
