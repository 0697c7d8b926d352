#include "troupe/config.hpp"

#include "server/config_keys.hpp"
#include "server/config_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace troupe {
namespace {

[[noreturn]] void refuse(std::string_view problem) {
  std::cerr << problem << '\n';
  std::exit(2);
}

} // namespace

config config::from_args(int argc, char** argv) {
  CLI::App app;
  const config_options options{app};
  try {
    app.parse(argc, argv);
    return options.resolve(process_environment());
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    std::exit(0);
  } catch (const std::runtime_error& error) { // of CLI11 or a config_error
    refuse(error.what());
  }
}

config config::parse(const std::vector<std::string>& args, const environment& variables) {
  CLI::App app;
  app.set_help_flag();
  const config_options options{app};
  std::vector<std::string> reversed(args.rbegin(), args.rend()); // as CLI11 wants them
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    throw config_error{error.what()};
  }
  return options.resolve(variables);
}

void config::validate() const {
  config scratch;
  for (const auto& key : config_keys()) {
    const config_source source{.place = {}, .name = std::string{key.name}};
    set_config_key(scratch, key, config_texts(*this, key), source);
  }
  if (tls_cert.empty() != tls_key.empty())
    throw config_error{"The keys tls-cert (\"" + tls_cert + "\") and tls-key (\"" + tls_key
                       + "\") belong together: give both for TLS or none."};
}

} // namespace troupe
