#include "server/config_options.hpp"

#include "server/config_keys.hpp"
#include "server/config_sources.hpp"

#include <CLI/CLI.hpp>

namespace troupe {
namespace {

/// `size of a request head; a size from 256B to 1MiB [8KiB] $TROUPE_HEAD_BYTES`
std::string help_text(const config_key& key) {
  std::string value;
  for (const auto& one : config_texts(config{}, key))
    value.append(value.empty() ? "" : ",").append(one);
  std::string text{key.description};
  if (key.is_number())
    text.append(" (" + format_number(key.least, key.unit) + " to "
                + format_number(key.most, key.unit) + ")");
  text.append(" [").append(value.empty() ? "empty" : value).append("] $");
  return text.append(key.environment_name());
}

CLI::Option* add_key(CLI::App& app, const config_key& key) {
  const auto flag = "--" + std::string{key.name};
  const auto text = help_text(key);
  auto* option = key.is_switch() ? app.add_flag(flag, text)
                                 : app.add_option(
                                     flag, [](const CLI::results_t&) { return true; }, text);
  if (!key.is_switch())
    option->type_name(std::string{key.placeholder()});
  // Every occurrence is kept, so that the error for a second one can be ours.
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(key.is_limit() ? "Limits" : "Server");
  return option;
}

} // namespace

config_options::config_options(CLI::App& app)
    : file_(app.add_option(
        "--config", [](const CLI::results_t&) { return true; },
        "TOML file with the keys below; limits in its [limits] table $TROUPE_CONFIG")) {
  file_->type_name("FILE")->group("Server");
  for (const auto& key : config_keys())
    options_.emplace_back(&key, add_key(app, key));
}

std::string config_options::file_name(const config::environment& variables) const {
  if (!file_->empty())
    return file_->results().back();
  const auto variable = variables.find("TROUPE_CONFIG");
  return variable == variables.end() ? std::string{} : variable->second;
}

void config_options::apply_options(config& target) const {
  for (const auto& [key, option] : options_) {
    if (option->empty())
      continue;
    const config_source source{.place = {}, .name = "--" + std::string{key->name}};
    const auto& values = option->results();
    if (values.size() > 1 && !key->is_list())
      throw config_error{"The option " + source.name + " is given more than once (\"" + values[0]
                         + "\", then \"" + values[1] + "\")."};
    set_config_key(target, *key, values, source);
  }
}

config config_options::resolve(const config::environment& variables) const {
  config result;
  apply_environment(result, variables);
  if (const auto file = file_name(variables); !file.empty())
    apply_file(result, file);
  apply_options(result);
  result.validate();
  return result;
}

} // namespace troupe
