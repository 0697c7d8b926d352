// A game room that throws, as its players see it.
#include "tests/integration/support/bather.hpp"
#include "tests/integration/support/running_server.hpp"

#include <memory>
#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <string>

namespace troupe::test {

namespace {

struct dive {};
BOOST_DESCRIBE_STRUCT(dive, (), ())

/// A pond in which nobody can dive: it has done half of it when it throws.
class shallow_pond : public pond {
public:
  using inputs = game::typed<swim, splash, dive>;
  using pond::on_input;
  void on_input(game::player& who, const dive&) {
    emit("dived", who.id());
    on_leave(who, game::leave_reason::asked);
    throw std::runtime_error{"there is no depth"};
  }
};

/// What was logged while it lives.
class log_lines final : public spdlog::sinks::base_sink<std::mutex> {
public:
  std::string text() {
    const std::lock_guard guard{mutex_};
    return text_;
  }

private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    text_.append(line.payload.data(), line.payload.size()).append("\n");
  }
  void flush_() override {}

  std::string text_;
};

struct log_fixture {
  std::shared_ptr<log_lines> lines = std::make_shared<log_lines>();
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();

  log_fixture() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("", lines)); }
  ~log_fixture() { spdlog::set_default_logger(before); }
};

void add_shallow_ponds(server& to) {
  to.rooms("/game").define<shallow_pond>(
      "pond", {.max_players = 4, .tick_rate = 50, .patch_rate = 50, .snapshot_every = 1'000});
}

} // namespace

TEST_CASE("room restore: players stay and the state goes on when a room throws",
          "[integration][game]") {
  running_server server{quick_config(), add_shallow_ponds};
  const log_fixture log;
  bather ann{server.port()};
  bather bob{server.port()};
  ann.join_or_create("ann");
  bob.join_or_create("bob");
  ann.client.publish(ann.room, "swim", swim{5});
  bob.wait_for([](const water& all) {
    return all.swimmers.size() == 2 && all.swimmers.begin()->second.x == 5;
  });
  const auto missed_ticks = [&bob] { return bob.mirror.tick() - bob.mirror.state().waves; };
  const auto missed_before = missed_ticks();
  ann.client.publish(ann.room, "dive", dive{});
  bob.wait_for([&](const water&) { return missed_ticks() > missed_before; });
  CHECK(missed_ticks() == missed_before + 1);
  CHECK(bob.mirror.state().swimmers.size() == 2);
  CHECK(bob.mirror.state().swimmers.begin()->second.name == "ann");
  CHECK(bob.mirror.state().swimmers.begin()->second.x == 5);
  CHECK(log.lines->text().find("there is no depth") != std::string::npos);
  CHECK(log.lines->text().find(ann.room_id) != std::string::npos);
  ann.client.publish(ann.room, "swim", swim{2});
  bob.wait_for([](const water& all) { return all.swimmers.begin()->second.x == 7; });
  bob.client.publish(bob.room, "splash", splash{});
  while (true) { // what the failed input has emitted was never sent
    const auto next = ann.client.wait_for(protocol::operation::room_event);
    REQUIRE(ann.client.name_of(next) != "dived");
    if (ann.client.name_of(next) == "splashed")
      break;
  }
}

} // namespace troupe::test
