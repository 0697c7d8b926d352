#pragma once
#include "troupe/config.hpp"

#include "server/config_value.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// Where a key's value lives. The alternative also says what type of value the key takes, and
/// whether it belongs to the `[limits]` table.
using limits_fields = struct config::limits;
using config_field =
    std::variant<std::string config::*, bool config::*, std::vector<std::string> config::*,
                 std::size_t config::*, std::chrono::milliseconds config::*,
                 std::size_t limits_fields::*, std::chrono::milliseconds limits_fields::*>;

/// What a text value must look like.
enum class text_form : std::uint8_t {
  any,
  path,
  directory,
  listen_address,
  log_level,
  origin,
  impairment ///< `parse_impairment` reads it
};

/// One key of the configuration: everything that the command line, the TOML file, the environment,
/// `--help`, validation and docs/configuration.md need to know about it.
struct config_key {
  std::string_view name;                 ///< kebab-case: flag and TOML key
  config_field field;                    ///< the value's place
  std::string_view description;          ///< one clause, without the default
  number_unit unit = number_unit::count; ///< numbers only
  std::uint64_t least = 0;               ///< numbers only, in bytes, ms or things
  std::uint64_t most = 0;                ///< as `least`
  text_form form = text_form::any;       ///< texts only

  bool is_limit() const noexcept;                ///< belongs to the `[limits]` table
  bool is_switch() const noexcept;               ///< on or off; a flag without value means on
  bool is_list() const noexcept;                 ///< several texts
  bool is_number() const noexcept;               ///< count, bytes or time
  std::string environment_name() const;          ///< `TROUPE_MAX_CONNECTIONS`
  std::string_view placeholder() const noexcept; ///< `BYTES`: the value's place in `--help`
  std::string allowed() const;                   ///< `a size from 1B to 1GiB`: for errors and docs
};

/// All keys, in the order of the documentation.
std::span<const config_key> config_keys() noexcept;

/// The key called `name`, or null.
const config_key* find_config_key(std::string_view name) noexcept;

/// Who gave a value, for error messages.
struct config_source {
  std::string place; ///< `troupe.toml:4`, or empty
  std::string name;  ///< `--listen`, `TROUPE_LISTEN`, `listen`
};

/// Sets `key` in `target` from `values` (one, except for lists).
/// @throws config_error when a value is not allowed.
void set_config_key(config& target, const config_key& key, const std::vector<std::string>& values,
                    const config_source& source);

/// The key's value in `values`, as `set_config_key` reads it.
std::vector<std::string> config_texts(const config& values, const config_key& key);

/// The error for a value of `source` that is not `allowed`.
config_error refused_value(const config_source& source, std::string_view value,
                           std::string_view allowed);

/// The table of keys in docs/configuration.md, as Markdown.
std::string config_key_table();

} // namespace troupe
