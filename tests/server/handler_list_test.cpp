#include "server/handler_list.hpp"

#include "troupe/server.hpp"

#include "tests/support/catch.hpp"

#include <memory>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

using namespace troupe;
using lines = std::vector<std::string>;

namespace {

/// What is logged while this lives.
class captured_log {
public:
  explicit captured_log(spdlog::level::level_enum level) : before_{spdlog::default_logger()} {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_);
    auto logger = std::make_shared<spdlog::logger>("captured", std::move(sink));
    logger->set_level(level);
    spdlog::set_default_logger(std::move(logger));
  }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;
  ~captured_log() { spdlog::set_default_logger(before_); }

  bool has(std::string_view line) const { return text_.str().find(line) != std::string::npos; }

private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

} // namespace

TEST_CASE("handler_list: S11 an endpoint without handlers has none", "[server][handler_list]") {
  endpoint chat{"/chat", speaks::neffos};
  chat.events({"news"}).rooms("x");
  CHECK(list_handlers(chat).empty());
}

TEST_CASE("handler_list: S11 handlers and hooks are listed by space and kind of room",
          "[server][handler_list]") {
  endpoint chat{"/chat", speaks::neffos};
  chat.on_open([](connection&) {}).on_close([](connection&, const close_info&) {});
  chat.on("sum", [](int a, int b) { return a + b; });
  chat.on("say", [] {}).on_any([] {}).on_joined([](connection&, std::string_view, cause) {});
  chat.rooms("game:").relay("say").on("move", [](room&, int) {}).on_join([](room&) {});
  chat.rooms().relay_everything();
  chat.space("news").on_connect([](connection&) {});
  CHECK(list_handlers(chat)
        == lines{R"(connections: on_open; on_close)",
                 R"(space "default": events "say", "sum"; any event; on_joined)",
                 R"(space "default", rooms "game:": events "move"; relays "say"; on_join)",
                 R"(space "default", rooms "": relays everything)", R"(space "news": on_connect)"});
}

TEST_CASE("handler_list: S11 a server that starts logs its handlers at level debug",
          "[server][handler_list]") {
  config settings;
  settings.listen = "127.0.0.1:0";
  settings.threads = 1;
  server made{settings};
  made.endpoint("/chat", speaks::neffos).space("news").on("headline", [] {});
  SECTION("debug") {
    const captured_log log{spdlog::level::debug};
    made.start();
    CHECK(log.has(R"(/chat WebSocket, neffos)"));
    CHECK(log.has(R"(space "news": events "headline")"));
  }
  SECTION("info") {
    const captured_log log{spdlog::level::info};
    made.start();
    CHECK(log.has(R"(/chat WebSocket, neffos)"));
    CHECK_FALSE(log.has("headline"));
  }
}
