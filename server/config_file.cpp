#include "server/config_keys.hpp"
#include "server/config_sources.hpp"

#include <fstream>
#include <sstream>
#include <toml++/toml.h>

namespace troupe {
namespace {

std::string place_of(const std::string& path, const toml::source_region& region) {
  return path + ":" + std::to_string(region.begin.line);
}

/// The node as it is written in the file, for error messages.
std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string())
    return text->get();
  std::ostringstream out;
  node.visit([&out](const auto& value) { out << value; });
  return out.str();
}

/// The value as the text that a command line would have, or nothing for the wrong type.
std::optional<std::string> scalar_text(const toml::node& node, const config_key& key) {
  if (const auto* text = node.as_string(); text != nullptr && !key.is_switch())
    return text->get();
  if (const auto* value = node.as_boolean(); value != nullptr && key.is_switch())
    return value->get() ? "on" : "off";
  if (const auto* value = node.as_integer(); value != nullptr && key.is_number())
    return std::to_string(value->get());
  if (node.is_floating_point() && key.is_number())
    return shown(node);
  return std::nullopt;
}

std::optional<std::vector<std::string>> list_texts(const toml::node& node) {
  const auto* list = node.as_array();
  if (list == nullptr)
    return std::nullopt;
  std::vector<std::string> result;
  for (const auto& element : *list) {
    const auto* text = element.as_string();
    if (text == nullptr)
      return std::nullopt;
    result.push_back(text->get());
  }
  return result;
}

std::string wanted_type(const config_key& key) {
  if (key.is_list())
    return "an array of strings";
  if (key.is_switch())
    return "true or false";
  return key.is_number() ? key.allowed() : "a string: " + key.allowed();
}

class file_reader {
public:
  file_reader(config& target, const std::string& path) : target_(target), path_(path) {}

  void read(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const std::string name{key.str()};
      if (name != "limits")
        read_key(name, node, false);
      else if (const auto* limits = node.as_table())
        read_limits(*limits);
      else
        throw refused_value({place_of(path_, node.source()), name}, shown(node), "a table");
    }
  }

private:
  void read_limits(const toml::table& limits) {
    for (const auto& [key, node] : limits)
      read_key(std::string{key.str()}, node, true);
  }

  void read_key(const std::string& name, const toml::node& node, bool in_limits) {
    const config_source source{place_of(path_, node.source()), in_limits ? "limits." + name : name};
    const auto* key = find_config_key(name);
    if (key == nullptr)
      throw config_error{source.place + ": the key \"" + source.name + "\" with the value \""
                         + shown(node) + "\" is unknown (--help lists every key)."};
    if (key->is_limit() != in_limits)
      throw config_error{source.place + ": the key \"" + name + "\" belongs "
                         + (in_limits ? "at the top level." : "in the table [limits].")};
    set_config_key(target_, *key, texts(node, *key, source), source);
  }

  static std::vector<std::string> texts(const toml::node& node, const config_key& key,
                                        const config_source& source) {
    if (key.is_list()) {
      if (auto list = list_texts(node))
        return *std::move(list);
    } else if (auto text = scalar_text(node, key)) {
      return {*std::move(text)};
    }
    throw refused_value(source, shown(node), wanted_type(key));
  }

  config& target_;
  const std::string& path_;
};

} // namespace

void apply_file(config& target, const std::string& path) {
  std::ifstream file{path};
  std::ostringstream content;
  if (!file || !(content << file.rdbuf()))
    throw config_error{"The configuration file \"" + path + "\" cannot be read."};
  try {
    const toml::table root = toml::parse(content.str(), path);
    file_reader{target, path}.read(root);
  } catch (const toml::parse_error& error) {
    throw config_error{place_of(path, error.source())
                       + ": this is not TOML: " + std::string{error.description()} + "."};
  }
}

} // namespace troupe
