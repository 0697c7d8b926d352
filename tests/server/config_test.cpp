#include "troupe/config.hpp"

#include "server/config_keys.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <fstream>
#include <sstream>

using troupe::config;
using namespace std::chrono_literals;

namespace {

/// A file that exists as long as the object.
class temporary_file {
public:
  explicit temporary_file(std::string_view content) { folder_.write("troupe.toml", content); }

  std::string path() const { return (folder_.path() / "troupe.toml").string(); }

private:
  troupe::test::temporary_folder folder_;
};

/// What the error says, or an empty text when there is none.
std::string error_of(const std::vector<std::string>& args,
                     const config::environment& variables = {}) {
  try {
    config::parse(args, variables);
    return {};
  } catch (const troupe::config_error& error) {
    return error.what();
  }
}

/// What a file with this content is refused for; the file's name is replaced by FILE.
std::string file_error(std::string_view content) {
  const temporary_file file{content};
  auto text = error_of({"--config", file.path()});
  if (text.starts_with(file.path()))
    text.replace(0, file.path().size(), "FILE");
  return text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("config: without any source the defaults of the struct hold", "[server][config]") {
  const auto parsed = config::parse({});
  const config defaults;
  for (const auto& key : troupe::config_keys()) {
    CAPTURE(std::string{key.name});
    CHECK(config_texts(parsed, key) == config_texts(defaults, key));
  }
  CHECK(parsed.listen == "127.0.0.1:8080");
  CHECK(parsed.limits.message_bytes == 65'536);
  CHECK(parsed.limits.close_timeout == 2s);
}

TEST_CASE("config: the command line beats the file, the file the environment", "[server][config]") {
  const temporary_file file{"threads = 2\n[limits]\nburst = 22\n"};
  const config::environment variables{
      {"TROUPE_THREADS", "3"}, {"TROUPE_BURST", "33"}, {"TROUPE_FRAGMENTS", "34"}};
  const auto parsed = config::parse({"--config", file.path(), "--threads", "1"}, variables);
  CHECK(parsed.threads == 1);
  CHECK(parsed.limits.burst == 22);
  CHECK(parsed.limits.fragments == 34);
}

TEST_CASE("config: the environment can name the file", "[server][config]") {
  const temporary_file file{"threads = 7\n"};
  CHECK(config::parse({}, {{"TROUPE_CONFIG", file.path()}}).threads == 7);
}

TEST_CASE("config: every key is read from all three sources", "[server][config]") {
  for (const auto& key : troupe::config_keys()) {
    CAPTURE(std::string{key.name});
    const std::string value = key.is_switch()   ? "on"
                              : key.is_number() ? format_number(key.least + 1, key.unit)
                              : key.form == troupe::text_form::listen_address ? "[::1]:0"
                              : key.form == troupe::text_form::log_level      ? "debug"
                              : key.form == troupe::text_form::origin         ? "https://a.example"
                              : key.form == troupe::text_form::impairment     ? "latency=5ms"
                                                                              : "file.pem";
    config expected;
    troupe::set_config_key(expected, key, {value}, {});
    const auto same = [&](const config& other) {
      return config_texts(other, key) == config_texts(expected, key)
             && config_texts(other, key) != config_texts(config{}, key);
    };
    config::environment variables{{key.environment_name(), value}};
    std::vector<std::string> args{"--" + std::string{key.name} + "=" + value};
    const auto quoted = key.is_switch() ? "true"
                        : key.is_list() ? "[\"" + value + "\"]"
                                        : "\"" + value + "\"";
    std::string toml = key.is_limit() ? "[limits]\n" : "";
    toml += std::string{key.name} + " = " + quoted + "\n";
    if (key.form == troupe::text_form::path) { // the pair must be complete
      const std::string other = key.name == "tls-cert" ? "tls-key" : "tls-cert";
      args.push_back("--" + other + "=other.pem");
      variables[troupe::find_config_key(other)->environment_name()] = "other.pem";
      toml += other + " = \"other.pem\"\n";
    }
    CHECK(same(config::parse({}, variables)));
    CHECK(same(config::parse(args)));
    const temporary_file file{toml};
    CHECK(same(config::parse({"--config", file.path()})));
  }
}

TEST_CASE("config: values take units", "[server][config]") {
  CHECK(config::parse({"--message-bytes", "2MiB"}).limits.message_bytes == 2 * 1024 * 1024);
  CHECK(config::parse({"--message-bytes", "512"}).limits.message_bytes == 512);
  CHECK(config::parse({"--drain-timeout", "250ms"}).drain_timeout == 250ms);
  CHECK(config::parse({"--drain-timeout", "2"}).drain_timeout == 2s);
  CHECK(config::parse({"--drain-timeout", "0.5"}).drain_timeout == 500ms);
  CHECK(config::parse({"--bench-flush", "33"}).bench_flush == 33ms);
  CHECK(config::parse({"--room-idle", "1m"}).room_idle == 1min);
  const temporary_file file{"drain-timeout = 1.5\nroom-idle = \"2m\"\n"};
  const auto parsed = config::parse({"--config", file.path()});
  CHECK(parsed.drain_timeout == 1500ms);
  CHECK(parsed.room_idle == 2min);
}

TEST_CASE("config: lists are repeated or separated by commas", "[server][config]") {
  const std::vector<std::string> both{"http://a", "http://b:81"};
  CHECK(config::parse({"--origins", "http://a", "--origins", "http://b:81"}).origins == both);
  CHECK(config::parse({"--origins", "http://a,http://b:81"}).origins == both);
  const temporary_file file{"origins = [\"http://a\", \"http://b:81\"]\n"};
  CHECK(config::parse({"--config", file.path()}).origins == both);
  CHECK(config::parse({"--origins", "*"}).origins == std::vector<std::string>{"*"});
}

TEST_CASE("config: an error on the command line names option, value and range",
          "[server][config]") {
  const auto text = error_of({"--fragments", "0"});
  CHECK(text == "The value \"0\" of --fragments is not a whole number from 1 to 1000000.");
  CHECK(has(error_of({"--listen", "8080"}), "The value \"8080\" of --listen is not host:port"));
  CHECK(has(error_of({"--log-level", "loud"}), "one of trace, debug"));
  CHECK(has(error_of({"--origins", "http://a/path"}), "http://a/path"));
  CHECK(has(error_of({"--bench=maybe"}), "on or off"));
  CHECK(has(error_of({"--message-bytes", "64 pages"}), "a size from 1B to 1GiB"));
  CHECK(has(error_of({"--nonsense", "1"}), "--nonsense"));
  CHECK(has(error_of({"stray"}), "stray"));
  CHECK(has(error_of({"--threads"}), "--threads"));
  CHECK(has(error_of({"--threads", "1", "--threads", "2"}), "--threads is given more than once"));
  CHECK(
      has(error_of({"--config", "/nonexistent/x.toml"}), "\"/nonexistent/x.toml\" cannot be read"));
}

TEST_CASE("config: an error in the environment names variable and value", "[server][config]") {
  CHECK(has(error_of({}, {{"TROUPE_THREADS", "many"}}), "The value \"many\" of TROUPE_THREADS is"));
  CHECK(has(error_of({}, {{"TROUPE_THREAD", "1"}}), "variable TROUPE_THREAD with the value \"1\""));
  CHECK(error_of({}, {{"TROUPE_URL", "x"}, {"TROUPE_BIN", "y"}, {"PATH", "z"}}).empty());
}

TEST_CASE("config: an error in the file names file, line, key and value", "[server][config]") {
  CHECK(file_error("\nthreads = 2000\n")
        == "FILE:2: the value \"2000\" of threads is not a whole number from 0 to 1024.");
  CHECK(
      file_error("\n\ncolour = \"red\"\n")
      == "FILE:3: the key \"colour\" with the value \"red\" is unknown (--help lists every key).");
  CHECK(
      has(file_error("[limits]\nburst = -1\n"), "FILE:2: the value \"-1\" of limits.burst is not"));
  CHECK(has(file_error("burst = 1\n"), "FILE:1: the key \"burst\" belongs in the table [limits]"));
  CHECK(has(file_error("[limits]\nlisten = \"a:1\"\n"), "FILE:2: the key \"listen\" belongs at"));
  CHECK(has(file_error("[server]\nthreads = 1\n"), "FILE:1: the key \"server\""));
  CHECK(has(file_error("limits = 3\n"), "FILE:1: the value \"3\" of limits is not a table"));
  CHECK(has(file_error("threads = 1\nthreads = 2\n"), "FILE:2: this is not TOML"));
  CHECK(has(file_error("threads = \n"), "FILE:1: this is not TOML"));
}

TEST_CASE("config: a value of the wrong type in the file is refused", "[server][config]") {
  CHECK(has(file_error("listen = 8080\n"), "is not a string: host:port"));
  CHECK(has(file_error("compression = \"on\"\n"), "is not true or false"));
  CHECK(has(file_error("threads = true\n"), "is not a whole number"));
  CHECK(has(file_error("threads = 1.5\n"), "is not a whole number"));
  CHECK(has(file_error("origins = \"http://a\"\n"), "is not an array of strings"));
  CHECK(has(file_error("origins = [1]\n"), "is not an array of strings"));
}

TEST_CASE("config: certificate and key come as a pair", "[server][config]") {
  CHECK(has(error_of({"--tls-cert", "a.pem"}), "tls-key"));
  CHECK(has(error_of({"--tls-key", "a.pem"}), "tls-cert"));
  CHECK(error_of({"--tls-cert", "a.pem", "--tls-key", "b.pem"}).empty());
}

TEST_CASE("config: a struct filled in by hand is validated", "[server][config]") {
  config values;
  CHECK_NOTHROW(values.validate());
  values.limits.fragments = 0;
  CHECK_THROWS_AS(values.validate(), troupe::config_error);
  values = {};
  values.drain_timeout = -1ms;
  CHECK_THROWS_AS(values.validate(), troupe::config_error);
  values = {};
  values.listen = "nowhere";
  CHECK_THROWS_AS(values.validate(), troupe::config_error);
}

TEST_CASE("config: docs/configuration.md holds the table of keys", "[server][config]") {
  std::ifstream file{TROUPE_SOURCE_DIR "/docs/configuration.md"};
  REQUIRE(file);
  std::ostringstream page;
  page << file.rdbuf();
  INFO("Expected table:\n" << troupe::config_key_table());
  CHECK(has(page.str(), "\n" + troupe::config_key_table() + "\n"));
}
