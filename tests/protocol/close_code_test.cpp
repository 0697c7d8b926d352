#include "protocol/close_code.hpp"

#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace troupe;
using namespace troupe::protocol;

static constexpr int errc_count = 27;

TEST_CASE("close_code: every error has a code that a table row names", "[protocol][close_code]") {
  for (int value = 0; value < errc_count; ++value) {
    const auto code = static_cast<std::uint16_t>(to_close_code(static_cast<errc>(value)));
    const bool is_local = static_cast<errc>(value) == errc::connection_lost;
    CHECK(is_valid_close_code(code) != is_local);
  }
  CHECK(to_close_code(static_cast<errc>(errc_count)) == close_code::internal_error);
}

TEST_CASE("close_code: the codes that users see are the documented ones",
          "[protocol][close_code]") {
  CHECK(to_close_code(errc::ok) == close_code::normal);
  CHECK(to_close_code(errc::going_away) == close_code::going_away);
  CHECK(to_close_code(errc::no_pong) == close_code::going_away);
  CHECK(to_close_code(errc::protocol_error) == close_code::protocol_error);
  CHECK(to_close_code(errc::invalid_utf8) == close_code::invalid_payload);
  CHECK(to_close_code(errc::policy_violation) == close_code::policy_violation);
  CHECK(to_close_code(errc::rate_limited) == close_code::policy_violation);
  CHECK(to_close_code(errc::malformed_message) == close_code::policy_violation);
  CHECK(to_close_code(errc::message_too_big) == close_code::message_too_big);
  CHECK(to_close_code(errc::internal) == close_code::internal_error);
  CHECK(to_close_code(errc::slow_consumer) == close_code::try_again_later);
  CHECK(to_close_code(errc::connection_lost) == close_code::abnormal);
}

TEST_CASE("close_code: exactly the codes of RFC 6455 and its registry are valid",
          "[protocol][close_code]") {
  const auto is_expected = [](int code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
           || (code >= 3000 && code <= 4999);
  };
  int wrong = 0;
  for (int code = 0; code <= 65535; ++code)
    wrong += is_valid_close_code(static_cast<std::uint16_t>(code)) != is_expected(code);
  CHECK(wrong == 0);
}

TEST_CASE("errc: every error is explained by a sentence of its own", "[protocol][errc]") {
  std::set<std::string> sentences;
  for (int value = 0; value < errc_count; ++value) {
    const std::string sentence{to_string(static_cast<errc>(value))};
    REQUIRE_FALSE(sentence.empty());
    CHECK(sentence.back() == '.');
    CHECK(sentence.size() < 124); // fits into a close frame
    sentences.insert(sentence);
  }
  CHECK(sentences.size() == errc_count);
  CHECK(sentences.count(std::string{to_string(static_cast<errc>(errc_count))}) == 0);
}

TEST_CASE("gorilla C7: codes have names, those of applications have none",
          "[protocol][close_code]") {
  CHECK(to_string(close_code::going_away) == "going away");
  CHECK(to_string(close_code::abnormal) == "abnormal closure");
  for (int code = 1000; code <= 1015; ++code)
    CHECK(to_string(static_cast<close_code>(code)).empty() == (code == 1004));
  CHECK(to_string(static_cast<close_code>(4001)).empty());
}
