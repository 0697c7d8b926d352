#include "troupe/arguments.hpp"

#include "troupe/text_format.hpp"

namespace troupe {

namespace {

std::string expected_arguments(std::size_t least, std::size_t most) {
  auto text = "expected " + std::to_string(least);
  if (most != least)
    text += " to " + std::to_string(most);
  return text + (most == 1 ? " argument" : " arguments");
}

/// The format is replaced before the first server starts, so it needs no lock.
text_format& the_text_format() noexcept {
  static text_format format;
  return format;
}

argument_error to_error(const refusal& from, std::string_view format) {
  std::string text;
  if (from.code == errc::malformed_message)
    text.append("the body is not ").append(format).append(": ");
  text.append(from.reason).append(" at byte ").append(std::to_string(from.offset));
  return {from.code == errc::malformed_message ? errc::bad_arguments : from.code, std::move(text)};
}

} // namespace

void use_text_format(const text_format& format) noexcept {
  the_text_format() = format;
}

const text_format& current_text_format() noexcept {
  return the_text_format();
}

result<std::vector<std::byte>, argument_error> text_to_arguments(std::string_view text,
                                                                 bool wants_several) {
  if (text.empty())
    return std::vector<std::byte>{};
  const auto& format = current_text_format();
  auto value = format.to_msgpack(text, {});
  if (!value)
    return to_error(value.error(), format.name);
  auto bytes = *std::move(value);
  const auto is_array = value_reader{bytes}.peek().kind == value_kind::array;
  if (!wants_several || !is_array)
    bytes.insert(bytes.begin(), std::byte{0x91}); // an array of one element
  return bytes;
}

std::string arity_text(std::size_t least, std::size_t most, std::size_t found) {
  return expected_arguments(least, most) + ", got " + std::to_string(found);
}

std::string raw_text(std::size_t least, std::size_t most) {
  return expected_arguments(least, most) + ", got a RAW payload";
}

} // namespace troupe
