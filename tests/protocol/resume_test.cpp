#include "protocol/resume.hpp"

#include "protocol/native_encode.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace troupe;
using namespace troupe::protocol;

namespace {

const std::string token = "0123456789abcdef0123456789abcdef";

} // namespace

TEST_CASE("resume: ordered messages count, but not what belongs to the connection",
          "[protocol][resume]") {
  const auto counts = [](const envelope& front) { return is_counted(front.bytes()); };
  const event_name say{.number = 0, .text = "say"};
  CHECK(counts(encode_client_event(say, content_kind::raw)));
  CHECK(counts(encode_ask(1, say, content_kind::arguments)));
  CHECK(counts(encode_error(0, errc::refused)));
  CHECK(counts(encode_join(1, "lobby")));
  CHECK(counts(encode_restarted(1, 1)));
  CHECK(counts(encode_room_event(1, 1, say, content_kind::arguments)));
  CHECK_FALSE(
      counts(encode_room_event(1, 1, say, content_kind::arguments, delivery_class::latest)));
  CHECK_FALSE(counts(encode_client_event(say, content_kind::raw, droppable(1))));
  CHECK_FALSE(counts(encode_hello(1, 0)));
  CHECK_FALSE(counts(encode_client_clock(1)));
  CHECK_FALSE(counts(encode_received(1)));
  CHECK_FALSE(is_counted({}));
}

TEST_CASE("resume: an offer can be written and read", "[protocol][resume]") {
  const auto text =
      to_subprotocol({.token = token, .received = 18446744073709551615U, .attempt = 3});
  CHECK(text == "troupe.resume." + token + ".18446744073709551615.3");
  const auto offer = read_resume_offer(text);
  REQUIRE(offer);
  CHECK(offer->token == token);
  CHECK(offer->received == 18446744073709551615U);
  CHECK(offer->attempt == 3);
  const auto first = read_resume_offer(to_subprotocol({}));
  REQUIRE(first);
  CHECK(first->token.empty());
}

TEST_CASE("resume: what is no offer is refused", "[protocol][resume]") {
  const auto text = GENERATE_COPY(
      std::string{}, std::string{"troupe.v1"}, std::string{"troupe.resumes"},
      std::string{"troupe.resume."}, "troupe.resume." + token, "troupe.resume." + token + ".",
      "troupe.resume." + token + ".1", "troupe.resume." + token + ".1.",
      "troupe.resume." + token + "..1", "troupe.resume." + token + ".1.2.3",
      "troupe.resume." + token + ".x.1", "troupe.resume." + token + ".-1.1",
      "troupe.resume." + token + ".01.1", "troupe.resume." + token + ".18446744073709551616.1",
      "troupe.resume.A" + token.substr(1) + ".0.1", "troupe.resume." + token + "0.1.1",
      "troupe.resume." + token.substr(1) + ".12.1");
  CAPTURE(text);
  CHECK_FALSE(read_resume_offer(text));
}

TEST_CASE("resume: outcomes have names", "[protocol][resume]") {
  for (const auto outcome :
       {session_outcome::fresh, session_outcome::resumed, session_outcome::resync})
    CHECK(to_session_outcome(to_string(outcome)) == outcome);
  CHECK(to_session_outcome("maybe") == session_outcome::none);
  CHECK(to_session_outcome("") == session_outcome::none);
}
