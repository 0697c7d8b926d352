// What it reaches: decode_iris, value_of, and the encoders. What it proves: an event and its value
// survive the way to the other side; a text frame never holds anything but UTF-8.
#include "protocol/iris.hpp"
#include "protocol/utf8.hpp"
#include "protocol/ws_writer.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

namespace {

using namespace troupe;
using namespace troupe::protocol;

constexpr auto prefix = default_iris_prefix;

void require(bool condition) {
  if (!condition)
    std::abort();
}

/// Floats go out as JSON; everything else keeps its kind.
void check_value(const iris_value& value, const iris_value& again) {
  if (std::holds_alternative<double>(value))
    require(std::holds_alternative<iris_json>(again));
  else if (std::holds_alternative<std::monostate>(value))
    require(std::get<std::string_view>(again).empty());
  else
    require(value == again);
}

void check_event(const iris_message& message) {
  const auto value = value_of(message);
  const auto bytes = to_iris_bytes(prefix, message.event, value);
  const auto again = decode_iris(prefix, bytes);
  require(again.has_value() && again->event == message.event && !again->is_native);
  check_value(value, value_of(*again));
  const auto frame = encode_iris(prefix, message.event, value);
  require(frame->size() == header_size(bytes.size()) + bytes.size());
  require(frame->bytes()[0] == std::byte{0x82} || is_valid_utf8(bytes));
}

void check(byte_view bytes) {
  const auto message = decode_iris(prefix, bytes);
  if (!message) {
    require(message.error().code == errc::malformed_message);
    require(message.error().offset <= bytes.size() && !message.error().reason.empty());
  } else if (message->is_native) {
    require(as_text(message->data) == as_text(bytes));
  } else {
    check_event(*message);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  check(bytes);
  const auto behind_prefix = std::string{prefix} + std::string{as_text(bytes)};
  check(as_bytes(behind_prefix));
  return 0;
}
