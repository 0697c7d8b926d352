#include "game/seat_table.hpp"

#include "troupe/game/random.hpp"

#include "tests/support/catch.hpp"

#include <map>

using namespace troupe::game;
using std::chrono::milliseconds;

namespace {

token_hash token(std::uint64_t number) {
  token_hash result{};
  for (std::size_t i = 0; i < 8; ++i)
    result[i] = static_cast<std::byte>(number >> (8 * i) & 0xFF);
  return result;
}

} // namespace

TEST_CASE("seat_table: a token takes one seat once, before it expires", "[game][seat_table]") {
  seat_table seats{2};
  REQUIRE(seats.reserve(token(1), milliseconds{10}));
  CHECK(!seats.reserve(token(1), milliseconds{10}));
  CHECK(!seats.redeem(token(2), milliseconds{0}));
  CHECK(!seats.redeem(token(1), milliseconds{10}));
  CHECK(seats.redeem(token(1), milliseconds{9}) == 0U);
  CHECK(!seats.redeem(token(1), milliseconds{9}));
  CHECK(seats.free_count() == 1);
}

TEST_CASE("seat_table: what ends by a time is told once", "[game][seat_table]") {
  seat_table seats{3};
  seats.reserve(token(1), milliseconds{10});
  seats.reserve(token(2), milliseconds{20});
  const auto seat = *seats.redeem(token(2), milliseconds{0});
  seats.hold(seat, 7, milliseconds{15});
  CHECK(seats.expire(milliseconds{9}).reservations == 0);
  CHECK(seats.expire(milliseconds{10}).reservations == 1);
  CHECK(seats.expire(milliseconds{10}).reservations == 0);
  CHECK(seats.expire(milliseconds{15}).players == std::vector<player_id>{7});
  seats.resume(seat);
  CHECK(seats.expire(milliseconds{99}).players.empty());
}

TEST_CASE("seat_table: is never overbooked and loses no seat, whatever happens",
          "[game][seat_table]") {
  random_source numbers{23};
  for (int round = 0; round < 200; ++round) {
    seat_table seats{8};
    std::map<std::uint64_t, milliseconds> reserved;
    std::map<std::uint32_t, bool> taken; // value: held
    milliseconds now{0};
    for (std::uint64_t step = 1; step < 200; ++step) {
      now += milliseconds{numbers.below(3)};
      const auto any = token(1 + numbers.below(static_cast<std::uint32_t>(step)));
      switch (numbers.below(6)) {
      case 0:
      case 1:
        if (seats.reserve(token(step), now + milliseconds{20}))
          reserved[step] = now + milliseconds{20};
        break;
      case 2:
        if (const auto seat = seats.redeem(any, now)) {
          REQUIRE(taken.emplace(*seat, false).second);
          std::erase_if(reserved, [&](auto& each) { return token(each.first) == any; });
        }
        break;
      case 3:
        if (seats.release(any))
          REQUIRE(std::erase_if(reserved, [&](auto& each) { return token(each.first) == any; })
                  == 1);
        break;
      case 4:
        if (!taken.empty()) {
          seats.free(taken.begin()->first);
          taken.erase(taken.begin());
        }
        break;
      default: {
        const auto ended = seats.expire(now);
        REQUIRE(std::erase_if(reserved, [&](auto& each) { return each.second <= now; })
                == ended.reservations);
      }
      }
      REQUIRE(seats.reserved_count() == reserved.size());
      REQUIRE(seats.free_count() + reserved.size() + taken.size() == 8);
    }
  }
}

TEST_CASE("seat_token: texts are read back, others are refused", "[game][token]") {
  seat_token token;
  token.bytes[0] = std::byte{0xA5};
  token.bytes[15] = std::byte{0x0F};
  CHECK(token.text() == "a500000000000000000000000000000f");
  CHECK(seat_token::from_text(token.text()) == token);
  for (const auto* each : {"", "a5", "A500000000000000000000000000000F",
                           "a500000000000000000000000000000fa", "g500000000000000000000000000000f"})
    CHECK(!seat_token::from_text(each));
  CHECK(hash_of(token) != hash_of(seat_token{}));
  CHECK(hash_of("secret", token) != hash_of("secret", seat_token{}));
  CHECK(hash_of("secret", token) != hash_of("secre", token));
}
