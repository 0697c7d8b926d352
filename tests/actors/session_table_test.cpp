#include "actors/session_table.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;

namespace {

connection_id owner(const session_table& table, const std::string& token) {
  const auto found = table.find(hash_token(token));
  return found ? found->id : 0;
}

std::string random_token(std::mt19937_64& random) {
  constexpr char digits[] = "0123456789abcdef";
  std::string token(32, '0');
  for (auto& digit : token)
    digit = digits[random() % 16];
  return token;
}

} // namespace

TEST_CASE("session_table: a token leads to its session", "[actors][session_table]") {
  session_table table;
  const auto first = table.open({.id = 1, .is_compressed = false});
  const auto second = table.open({.id = 2, .is_compressed = true});
  CHECK(first.size() == 32);
  CHECK(first != second);
  CHECK(owner(table, first) == 1);
  CHECK(owner(table, second) == 2);
  CHECK(table.find(hash_token(second))->is_compressed);
  CHECK(owner(table, "0123456789abcdef0123456789abcdef") == 0);
}

TEST_CASE("session_table: a token is used up when the client knows the next",
          "[actors][session_table]") {
  session_table table;
  const auto first = table.open({.id = 1});
  const auto second = table.renew(1, hash_token(first));
  REQUIRE(second);
  CHECK(owner(table, first) == 1); // the answer may have been lost
  CHECK(owner(table, *second) == 1);
  table.confirm(1);
  CHECK(owner(table, first) == 0);
  CHECK_FALSE(table.renew(1, hash_token(first)));
  CHECK(owner(table, *second) == 1);
}

TEST_CASE("session_table: a client that never learnt a token may return again and again",
          "[actors][session_table]") {
  session_table table;
  const auto first = table.open({.id = 1});
  auto newest = table.renew(1, hash_token(first));
  for (int i = 0; i < 10; ++i) {
    const auto lost = *newest;
    newest = table.renew(1, hash_token(first));
    REQUIRE(newest);
    CHECK(owner(table, lost) == 0);
    CHECK(table.tokens() == 2);
  }
  const auto next = table.renew(1, hash_token(*newest));
  REQUIRE(next);
  CHECK(owner(table, first) == 0); // presenting a newer one proves that it was learnt
  CHECK(table.tokens() == 2);
}

TEST_CASE("session_table: a token is good for no other session", "[actors][session_table]") {
  session_table table;
  const auto first = table.open({.id = 1});
  table.open({.id = 2});
  CHECK_FALSE(table.renew(2, hash_token(first)));
  CHECK(table.tokens() == 2);
}

TEST_CASE("session_table: nothing is left of a session that ended", "[actors][session_table]") {
  session_table table;
  const auto first = table.open({.id = 1});
  const auto second = table.renew(1, hash_token(first));
  table.close(1);
  CHECK(owner(table, first) == 0);
  CHECK(owner(table, *second) == 0);
  CHECK(table.sessions() == 0);
  CHECK(table.tokens() == 0);
  table.close(1);
  table.confirm(1);
}

TEST_CASE("session_table: of 1,000,000 forged, expired and replayed tokens none is accepted",
          "[actors][session_table]") {
  std::mt19937_64 random{20'261'121};
  session_table table;
  std::vector<std::string> used;
  for (connection_id id = 1; id <= 1'000; ++id) {
    const auto first = table.open({.id = id});
    used.push_back(first);
    REQUIRE(table.renew(id, hash_token(first)));
    table.confirm(id);
    if (id % 2 == 0)
      table.close(id);
  }
  REQUIRE(table.sessions() == 500);
  REQUIRE(table.tokens() == 500);
  std::size_t accepted = 0;
  for (int i = 0; i < 500'000; ++i) {
    const auto forged = hash_token(random_token(random));
    accepted += table.find(forged) || table.renew(1 + random() % 1'000, forged) ? 1U : 0U;
    const auto id = random() % used.size();
    const auto old = hash_token(used[id]);
    accepted += table.find(old) || table.renew(1 + id, old) ? 1U : 0U;
  }
  CHECK(accepted == 0);
  CHECK(table.sessions() == 500);
  CHECK(table.tokens() == 500);
}
