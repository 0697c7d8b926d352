#include "troupe/handler.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/hex.hpp"

#include <memory>
#include <stdexcept>

using namespace troupe;

namespace {

struct context {
  int calls = 0;
};

int add(int a, int b) {
  return a + b;
}

struct counter {
  int total = 0;
  void operator()(int amount) { total += amount; }
};

template <class F, class... Args>
handler_outcome call(F&& handler, const Args&... args) {
  context here;
  return invoke_handler(handler, here, make_payload(args...));
}

template <class F>
using arguments_of = typename handler_traits<context, F>::arguments;

template <class F>
constexpr bool takes_context = handler_traits<context, F>::takes_context;

} // namespace

TEST_CASE("handler: parameters are deduced from every kind of callable", "[protocol][handler]") {
  const auto by_reference = [](const std::string&, std::vector<int>&&) noexcept {};
  const auto with_context = [](context&, int) mutable {};
  const auto with_const_context = [](const context&) {};
  STATIC_REQUIRE(std::is_same_v<arguments_of<decltype(add)>, std::tuple<int, int>>);
  STATIC_REQUIRE(std::is_same_v<arguments_of<decltype(&add)>, std::tuple<int, int>>);
  STATIC_REQUIRE(std::is_same_v<arguments_of<counter>, std::tuple<int>>);
  STATIC_REQUIRE(std::is_same_v<arguments_of<decltype(by_reference)>,
                                std::tuple<std::string, std::vector<int>>>);
  STATIC_REQUIRE(std::is_same_v<arguments_of<decltype(with_context)>, std::tuple<int>>);
  STATIC_REQUIRE(std::is_same_v<arguments_of<decltype(with_const_context)>, std::tuple<>>);
  STATIC_REQUIRE(takes_context<decltype(with_context)>);
  STATIC_REQUIRE(takes_context<decltype(with_const_context)>);
  STATIC_REQUIRE_FALSE(takes_context<decltype(add)>);
  STATIC_REQUIRE_FALSE(has_signature<decltype([](auto) {})>);
  CHECK(takes_context<decltype(with_context)>);
}

TEST_CASE("handler: arguments arrive and the result is the reply", "[protocol][handler]") {
  CHECK(call(add, 2, 3).reply == make_payload(5));
  CHECK(call(&add, 2, 3).reply == make_payload(5));
  CHECK(call([](std::string text) { return text + "!"; }, "hi").reply == make_payload("hi!"));
  CHECK(call([](std::string_view text) { return text; }, "hi").reply == make_payload("hi"));
  CHECK(call([] { return std::tuple{1, "two"}; }).reply == make_payload(1, "two"));
  CHECK(call([] { return std::vector<int>{1}; }).reply == make_payload(std::vector<int>{1}));
  CHECK(call([] { return std::optional<int>{}; }).reply == make_payload(msgpack::type::nil_t{}));
  CHECK(call([] { return 2.0F; }).reply == make_payload(2.0F));
}

TEST_CASE("handler: a handler that returns nothing replies with nothing", "[protocol][handler]") {
  const auto outcome = call([](int) {}, 1);
  CHECK(outcome.code == errc::ok);
  CHECK_FALSE(outcome.reply);
}

TEST_CASE("handler: payloads pass through untouched", "[protocol][handler]") {
  const auto raw = make_payload(raw_bytes{as_bytes("abc")});
  CHECK(call([](payload_view all) { return make_payload(all); }, 1, 2).reply == make_payload(1, 2));
  CHECK(call([](payload all) { return all; }, raw).reply == raw);
  CHECK(call([](byte_view bytes) { return raw_bytes{bytes}; }, raw).reply == raw);
  CHECK(call([](byte_view bytes) { return bytes.size(); }, raw).reply == make_payload(3));
}

TEST_CASE("handler: the context is handed through", "[protocol][handler]") {
  context here;
  const auto handler = [](context& c, int by) { return c.calls += by; };
  CHECK(invoke_handler(handler, here, make_payload(2)).reply == make_payload(2));
  CHECK(here.calls == 2);
}

TEST_CASE("handler: function objects keep their state", "[protocol][handler]") {
  context here;
  counter handler;
  invoke_handler(handler, here, make_payload(2));
  invoke_handler(handler, here, make_payload(3));
  CHECK(handler.total == 5);
}

TEST_CASE("handler: arguments can be moved from", "[protocol][handler]") {
  auto handler = [](std::vector<std::string>&& all) {
    const auto mine = std::move(all);
    return mine.size();
  };
  CHECK(call(handler, std::vector<std::string>{"a", "b"}).reply == make_payload(2));
}

TEST_CASE("handler: arguments that do not fit stop the call", "[protocol][handler]") {
  bool called = false;
  const auto outcome = call([&](int) { called = true; }, "x");
  CHECK_FALSE(called);
  CHECK(outcome.code == errc::bad_arguments);
  CHECK(outcome.text == "argument 1: expected integer in -2147483648..2147483647, got text");
  CHECK_FALSE(outcome.reply);
}

TEST_CASE("handler: its exceptions reach the caller", "[protocol][handler]") {
  CHECK_THROWS_AS(call([]() -> int { throw std::runtime_error{"no"}; }), std::runtime_error);
}
