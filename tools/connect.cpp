#include "tools/connect.hpp"

#include "net/ascii.hpp"
#include "net/url.hpp"
#include "tools/connect_input.hpp"
#include "tools/connect_raw.hpp"
#include "tools/connect_session.hpp"
#include "tools/load_units.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace troupe {
namespace {

using std::chrono::milliseconds;

struct connect_options {
  client_options client;
  std::vector<std::string> rooms;
  milliseconds wait{500};
  bool is_raw = false;
};

/// What Ctrl-C stops.
std::atomic<connect::line_input*> interrupted = nullptr;

void interrupt(int) {
  if (auto* input = interrupted.load())
    input->stop();
  std::signal(SIGINT, SIG_DFL); // the second one ends at once
}

void add_duration(CLI::App& command, const char* name, milliseconds& field, const char* help) {
  const auto read = [&field](const std::string& text) {
    const auto value = load::parse_duration(text);
    if (!value)
      throw CLI::ConversionError{"\"" + text + "\" is no time: write 250ms, 5s or 1m."};
    field = std::chrono::duration_cast<milliseconds>(*value);
  };
  command.add_option_function<std::string>(name, read, help)->type_name("TIME");
}

void add_field(connect_options& options, const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || !net::is_token(text.substr(0, colon))
      || std::ranges::any_of(text, net::is_control))
    throw CLI::ValidationError{"\"" + text + "\" is no request field: write \"Name: value\"."};
  options.client.fields.emplace_back(text.substr(0, colon),
                                     net::trim(std::string_view{text}.substr(colon + 1)));
}

void add_url(connect_options& options, const std::string& text) {
  options.client.url = text.find("://") == std::string::npos ? "ws://" + text : text;
  if (!net::parse_url(options.client.url))
    throw CLI::ValidationError{"\"" + text + "\" is no address: write ws://host:port/path."};
}

void add_options(CLI::App& command, connect_options& options) {
  auto& client = options.client;
  command
      .add_option_function<std::string>(
          "url", [&options](const std::string& text) { add_url(options, text); },
          "address of an endpoint, such as ws://127.0.0.1:8080/chat")
      ->required();
  command.add_flag("--raw", options.is_raw,
                   "the endpoint speaks no troupe.v1: lines are sent as text messages");
  command.add_option("--join", options.rooms, "room to join first (repeatable)")
      ->type_name("ROOM")
      ->allow_extra_args(false);
  command
      .add_option_function<std::vector<std::string>>(
          "--header",
          [&options](const std::vector<std::string>& texts) {
            for (const auto& text : texts)
              add_field(options, text);
          },
          "further request field \"Name: value\" (repeatable)")
      ->type_name("FIELD")
      ->allow_extra_args(false);
  add_duration(command, "--wait", options.wait,
               "how long to listen after the end of the input [500ms]");
  add_duration(command, "--connect-timeout", client.connect_timeout,
               "time for connecting, up to the server's hello [5s]");
  add_duration(command, "--ask-timeout", client.ask_timeout, "time for each answer [10s]");
  command.add_flag("--reconnect", client.reconnect.enabled,
                   "come back when the connection is lost, and join the same rooms");
  command.add_option("--ca-file", client.ca_file, "PEM file of trusted authorities, for wss://")
      ->type_name("FILE");
  command.add_flag_callback(
      "--insecure", [&client] { client.verify_peer = false; }, "accept any certificate");
}

int run_raw(const connect_options& options) {
  const auto& client = options.client;
  connect::line_input input{STDIN_FILENO};
  connect::raw_session session{
      client.url,
      {.handshake_timeout = client.connect_timeout,
       .fields = client.fields,
       .tls = {.ca_file = client.ca_file, .verify_peer = client.verify_peer}},
      std::cout};
  session.on_lost([&input] { input.stop(); });
  if (!session.connect())
    return 1;
  interrupted = &input;
  std::signal(SIGINT, interrupt);
  while (const auto line = input.next())
    session.send(*line);
  session.finish(options.wait);
  interrupted = nullptr;
  return session.has_failed() ? 1 : 0;
}

int run(const connect_options& options) {
  connect::line_input input{STDIN_FILENO};
  connect::session session{options.client, std::cout};
  session.on_lost([&input] { input.stop(); });
  if (!session.connect())
    return 1;
  interrupted = &input;
  std::signal(SIGINT, interrupt);
  for (const auto& room : options.rooms)
    session.handle("/join " + room);
  bool has_quit = false;
  while (!has_quit)
    if (const auto line = input.next())
      has_quit = !session.handle(*line);
    else
      break;
  session.finish(has_quit ? milliseconds{0} : options.wait);
  interrupted = nullptr;
  return session.has_failed() ? 1 : 0;
}

} // namespace

void add_connect(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("connect", "Talk to a server from a terminal or a pipe");
  const auto options = std::make_shared<connect_options>();
  options->client.reconnect.enabled = false;
  add_options(*command, *options);
  command->footer(
      "Typed lines:\n" + std::string{connect::help_text()}
      + "\n\nExit status: 0 everything typed was done; 1 no connection, a lost one, or a "
        "line that failed; 2 wrong options.");
  command->callback(
      [options, &exit_code] { exit_code = options->is_raw ? run_raw(*options) : run(*options); });
}

} // namespace troupe
