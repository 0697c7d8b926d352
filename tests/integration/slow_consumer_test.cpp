#include "tests/integration/support/mailbox.hpp"
#include "tests/integration/support/native_client.hpp"
#include "tests/integration/support/running_server.hpp"
#include "tests/support/catch.hpp"

#include <numeric>

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::operation;

namespace {

constexpr std::size_t block = 4'096;

/// "/crowd": a raw room; "/positions": sends the newest of a row of numbers.
struct slow_fixture {
  explicit slow_fixture(const config& settings)
      : server{settings, [this](troupe::server& s) { add(s); }} {}

  void add(troupe::server& to) {
    auto& crowd = to.endpoint("/crowd", speaks::raw).without_rate_limits();
    crowd.on_connect([this](connection& c) {
      c.join("all");
      auto timer = std::make_shared<timer_id>();
      *timer = c.every(1ms, [this, &c, timer] {
        if (!c.is_member("all"))
          return;
        c.cancel(*timer);
        entered.put(true);
      });
    });
    crowd.on_disconnect([this](connection&, const close_info& info) {
      ended.put({info.why, info.code, std::string{info.reason}});
    });
    crowd.rooms().relay_everything().presence(false);
    auto& positions = to.endpoint("/positions");
    positions.on("start", [this](connection& c, int count) {
      auto left = std::make_shared<int>(count);
      c.every(1ms, [this, &c, left] {
        if (*left > 0)
          c.emit(latest(1), "position", *left, std::string(block, 'p'));
        if (--*left == 0)
          sent_all.put(true);
      });
    });
    positions.on_disconnect([this](connection&, const close_info& info) {
      ended.put({info.why, info.code, std::string{info.reason}});
    });
  }

  std::unique_ptr<tcp_client> narrow() const {
    return std::make_unique<tcp_client>(
        tcp_options{.port = server.port(), .receive_buffer = 4'096});
  }

  /// A member of the crowd.
  ws_client enter(std::unique_ptr<tcp_client> stream) {
    ws_client client{std::move(stream), "/crowd"};
    entered.take();
    return client;
  }
  ws_client enter() { return enter(std::make_unique<tcp_client>(server.port())); }

  mailbox<bool> entered;
  mailbox<disconnect> ended;
  mailbox<bool> sent_all;
  running_server server;
};

config settings_for(std::size_t threads) {
  auto settings = quick_config(threads);
  settings.limits.outbox_bytes = 64 * 1024;
  settings.limits.close_timeout = 5'000ms; // time for the stalled client to see the close frame
  return settings;
}

} // namespace

TEST_CASE("slow consumer: past the bound of its outbox it is closed, the others go on",
          "[integration][slow_consumer]") {
  slow_fixture fixture{settings_for(GENERATE(1U, 2U))};
  auto stalled = fixture.enter(fixture.narrow());
  auto speaker = fixture.enter();
  auto listener = fixture.enter();
  const std::string content(block, 'x');
  for (int i = 0; i < 1'000; ++i) {
    speaker.send_binary(content);
    REQUIRE(speaker.next_message() == content); // the sender hears itself: all is under way
    REQUIRE(listener.next_message() == content);
  }
  const auto told = fixture.ended.take();
  CHECK(told.why == errc::slow_consumer);
  CHECK(told.code == 1013);
  CHECK(stalled.wait_close().code == 1013);
  speaker.send_binary("after");
  CHECK(listener.next_message() == "after");
  CHECK(fixture.ended.size() == 0);
}

TEST_CASE("slow consumer: a client that takes no byte for too long is closed",
          "[integration][slow_consumer]") {
  auto settings = settings_for(1);
  settings.limits.outbox_bytes = 16 * 1024 * 1024;
  settings.limits.write_timeout = 300ms;
  slow_fixture fixture{settings};
  auto stalled = fixture.enter(fixture.narrow());
  auto speaker = fixture.enter();
  const std::string content(block, 'x');
  for (int i = 0; i < 500; ++i) {
    speaker.send_binary(content);
    REQUIRE(speaker.next_message() == content);
  }
  const auto told = fixture.ended.take();
  CHECK(told.why == errc::write_timeout);
  CHECK(told.code == 1013);
  CHECK(stalled.wait_close().code == 1013);
  CHECK(serves(fixture.server));
}

TEST_CASE("slow consumer: one that never reads again costs no socket for long",
          "[integration][slow_consumer]") {
  auto settings = settings_for(1);
  settings.limits.close_timeout = 300ms;
  settings.limits.max_connections = 2;
  slow_fixture fixture{settings};
  auto stalled = fixture.enter(fixture.narrow());
  auto speaker = fixture.enter();
  const std::string content(block, 'x');
  for (int i = 0; i < 500; ++i) {
    speaker.send_binary(content);
    REQUIRE(speaker.next_message() == content);
  }
  CHECK(fixture.ended.take().code == 1013);
  const auto end = std::chrono::steady_clock::now() + patience;
  auto status = 503;
  while (status == 503 && std::chrono::steady_clock::now() < end)
    status = ask_http(fixture.server.port(), get("/healthz")).status;
  CHECK(status == 200); // the stalled one's place is free
}

TEST_CASE("slow consumer: positions of the latest class are skipped, nobody is closed",
          "[integration][slow_consumer]") {
  auto settings = settings_for(1);
  settings.limits.write_timeout = 200ms;
  slow_fixture fixture{settings};
  native_client stalled{fixture.narrow(), "/positions"};
  constexpr int count = 400; // 1.6 MB: more than the kernel and the outbox hold
  stalled.emit("start", count);
  fixture.sent_all.take();
  CHECK(fixture.ended.size() == 0);
  int received = 0;
  for (int newest = count + 1; newest != 1; ++received) {
    const auto event = stalled.wait_for(operation::event);
    const auto position = std::get<0>(event.arguments<int, std::string>());
    REQUIRE(position < newest); // they count down
    newest = position;
  }
  CHECK(received < count);
  CHECK(fixture.ended.size() == 0);
}

} // namespace troupe::test
