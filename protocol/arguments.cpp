#include "troupe/arguments.hpp"

namespace troupe {

namespace {

std::string expected_arguments(std::size_t least, std::size_t most) {
  auto text = "expected " + std::to_string(least);
  if (most != least)
    text += " to " + std::to_string(most);
  return text + (most == 1 ? " argument" : " arguments");
}

} // namespace

std::string arity_text(std::size_t least, std::size_t most, std::size_t found) {
  return expected_arguments(least, most) + ", got " + std::to_string(found);
}

std::string raw_text(std::size_t least, std::size_t most) {
  return expected_arguments(least, most) + ", got a RAW payload";
}

} // namespace troupe
