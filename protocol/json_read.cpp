#include "troupe/json.hpp"
#include "troupe/payload_sink.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr std::size_t most_nodes = 65'535; // so that 16 bits hold every count

/// Writes msgpack while the parser finds values. The head of a container is written when it begins
/// and corrected when it ends, because only then the number of its elements is known.
///
/// The names of most members are those that Boost.JSON calls.
class msgpack_writer {
public:
  static constexpr std::size_t max_array_size = most_nodes;
  static constexpr std::size_t max_object_size = most_nodes;
  static constexpr std::size_t max_string_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_key_size = max_string_size;

  msgpack_writer(std::size_t text_size, std::size_t nodes)
      : nodes_left_{std::min(nodes, most_nodes)} {
    sink_.reserve(text_size);
  }

  std::vector<std::byte> take() { return sink_.take(); }
  /// Set if a member below refused something.
  const refusal& refused() const noexcept { return refused_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_array_begin(json::error_code& ec) { return begin(0xDC, ec); }
  bool on_array_end(std::size_t count, json::error_code&) { return end(count, 0x90); }
  bool on_object_begin(json::error_code& ec) { return begin(0xDE, ec); }
  bool on_object_end(std::size_t count, json::error_code&) { return end(count, 0x80); }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_string(json::string_view last, std::size_t, json::error_code& ec) {
    return on_text(last, ec);
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view last, std::size_t, json::error_code& ec) {
    return on_text(last, ec);
  }

  bool on_number_part(json::string_view part, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t number, json::string_view, json::error_code& ec) {
    text_.clear();
    return add(number, ec);
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code& ec) {
    text_.clear();
    return add(number, ec);
  }
  bool on_double(double rough, json::string_view last, json::error_code& ec);
  bool on_bool(bool truth, json::error_code& ec) { return add(truth, ec); }
  bool on_null(json::error_code& ec) { return add(msgpack::type::nil_t{}, ec); }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

private:
  bool refuse(errc code, std::string_view reason, json::error_code& ec) {
    refused_ = {code, 0, reason};
    ec = json::error::exception; // any: the parser only has to stop
    return false;
  }

  bool count_node(json::error_code& ec) {
    if (nodes_left_ == 0)
      return refuse(errc::payload_too_complex, "there are too many values", ec);
    --nodes_left_;
    return true;
  }

  template <class T>
  bool add(const T& value, json::error_code& ec) {
    if (!count_node(ec))
      return false;
    packer_.pack(value);
    return true;
  }

  bool on_text(json::string_view last, json::error_code& ec) {
    if (text_.empty())
      return add(std::string_view{last.data(), last.size()}, ec);
    text_.append(last.data(), last.size());
    const bool fits = add(text_, ec);
    text_.clear();
    return fits;
  }

  bool begin(unsigned head, json::error_code& ec) {
    if (!count_node(ec))
      return false;
    auto& bytes = sink_.bytes();
    open_.push_back(bytes.size());
    bytes.insert(bytes.end(), {static_cast<std::byte>(head), std::byte{}, std::byte{}});
    return true;
  }

  bool end(std::size_t count, unsigned short_head) {
    auto& bytes = sink_.bytes();
    const auto head = bytes.begin() + static_cast<std::ptrdiff_t>(open_.back());
    open_.pop_back();
    if (count <= 15) {
      head[0] = static_cast<std::byte>(short_head | count);
      bytes.erase(head + 1, head + 3);
    } else {
      head[1] = static_cast<std::byte>(count >> 8);
      head[2] = static_cast<std::byte>(count & 0xFF);
    }
    return true;
  }

  std::size_t nodes_left_;
  payload_sink sink_;
  payload_packer packer_{sink_};
  std::vector<std::size_t> open_; // where the heads of open containers are
  std::string text_;              // the beginning of a text or number that comes in parts
  refusal refused_;
};

/// Boost.JSON's own result may be off by one unit in the last place; std::from_chars' may not.
bool msgpack_writer::on_double(double rough, json::string_view last, json::error_code& ec) {
  text_.append(last.data(), last.size());
  double exact = 0;
  const auto read = std::from_chars(text_.data(), text_.data() + text_.size(), exact);
  text_.clear();
  if (read.ec == std::errc::result_out_of_range) {
    if (std::abs(rough) > 1)
      return refuse(errc::malformed_message, "the number is too large for a double", ec);
    exact = std::copysign(0.0, rough);
  }
  return add(exact, ec);
}

/// The sentences are ours because they must live as long as the program.
std::string_view reason_of(const json::error_code& ec) noexcept {
  if (ec == json::error::incomplete)
    return "the text ends too early";
  if (ec == json::error::extra_data)
    return "something follows the end";
  if (ec == json::error::exponent_overflow)
    return "the exponent is too large";
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate
      || ec == json::error::expected_utf16_escape)
    return "half of a surrogate pair";
  if (ec == json::error::expected_hex_digit)
    return "expected a hexadecimal digit";
  return "unexpected character";
}

refusal to_refusal(const json::error_code& ec, refusal from_writer, std::size_t offset) noexcept {
  if (from_writer.code != errc::ok)
    return {from_writer.code, offset, from_writer.reason};
  if (ec == json::error::too_deep)
    return {errc::payload_too_deep, offset, "the nesting is too deep"};
  if (ec == json::error::array_too_large || ec == json::error::object_too_large)
    return {errc::payload_too_complex, offset, "there are too many values"};
  return {errc::malformed_message, offset, reason_of(ec)};
}

} // namespace

result<std::vector<std::byte>, refusal> json_to_msgpack(std::string_view text,
                                                        payload_limits limits) {
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<msgpack_writer> parser{options, text.size(), limits.nodes};
  json::error_code ec;
  const auto taken = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && taken < text.size())
    ec = json::error::extra_data;
  if (ec)
    return to_refusal(ec, parser.handler().refused(), taken);
  return parser.handler().take();
}

} // namespace troupe
