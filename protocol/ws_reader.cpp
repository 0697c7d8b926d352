#include "protocol/ws_reader.hpp"

#include "protocol/close_code.hpp"
#include "protocol/deflate.hpp"
#include "protocol/ws_partial.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace troupe::protocol {
namespace {

/// Compressed bytes that are inflated at once when a message is reported in parts: a part then
/// has at most about 1 MiB, whatever it inflates to.
constexpr std::size_t max_deflated_part = 1024;

// Incompressible messages grow a little on the wire: what deflate adds at worst, generously.
std::size_t max_wire_bytes(const ws_limits& limits, bool is_compressed) noexcept {
  if (!is_compressed)
    return limits.max_message_bytes;
  const std::size_t slack = limits.max_message_bytes / 8 + 64;
  const auto room = std::numeric_limits<std::size_t>::max() - limits.max_message_bytes;
  return limits.max_message_bytes + std::min(slack, room);
}

} // namespace

ws_reader::ws_reader(ws_role role) noexcept : role_{role} {}
ws_reader::~ws_reader() = default;
ws_reader::ws_reader(ws_reader&& other) noexcept = default;
ws_reader& ws_reader::operator=(ws_reader&& other) noexcept = default;

ws_reader::step ws_reader::advance(std::span<std::byte> input, const ws_limits& limits,
                                   inflater* inflate) noexcept {
  try {
    return advance_frame(input, limits, inflate);
  } catch (const std::bad_alloc&) {
    fail(errc::internal);
    return {};
  }
}

ws_reader::step ws_reader::advance_frame(std::span<std::byte> input, const ws_limits& limits,
                                         inflater* inflate) {
  step done;
  if (partial_ == nullptr || !partial_->has_frame) {
    ws_header header;
    if (read_header(input, header, done) != header_verdict::complete)
      return done;
    if (const errc error = check_sequence(header, limits, inflate); error != errc::ok) {
      fail(error);
      return done;
    }
    done.is_control_frame = is_control(header.op);
    done.wire_bytes = header.size + static_cast<std::size_t>(header.length);
    const auto rest = input.subspan(done.consumed);
    const bool is_whole = header.length <= rest.size();
    const bool continues = partial_ != nullptr && partial_->has_message;
    const bool is_stream = limits.in_parts && header.is_compressed;
    if (is_whole && (done.is_control_frame || (header.is_final && !continues && !is_stream))) {
      done.payload = rest.first(static_cast<std::size_t>(header.length));
      read_whole_payload(header, limits, inflate, done);
      return done;
    }
    make_partial().begin_frame(header, limits.in_parts);
  }
  auto rest = input.subspan(done.consumed);
  if (limits.in_parts && partial_->is_compressed && !is_control(partial_->frame.op))
    rest = rest.first(std::min(rest.size(), max_deflated_part));
  done.payload =
      rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(partial_->missing, rest.size())));
  read_partial_payload(limits, inflate, done);
  return done;
}

header_verdict ws_reader::read_header(std::span<std::byte> input, ws_header& header, step& done) {
  const std::size_t known = partial_ == nullptr ? 0 : partial_->header_size;
  header_verdict verdict;
  if (known == 0) {
    verdict = parse_ws_header(input, role_, header);
  } else {
    const auto added = std::min(input.size(), max_ws_header_bytes - known);
    std::copy_n(input.begin(), added, partial_->header_bytes.begin() + partial_->header_size);
    verdict =
        parse_ws_header(std::span{partial_->header_bytes}.first(known + added), role_, header);
  }
  if (verdict == header_verdict::invalid) {
    fail(errc::protocol_error);
  } else if (verdict == header_verdict::complete) {
    done.consumed = header.size - known;
    if (partial_ != nullptr)
      partial_->header_size = 0;
  } else {
    auto& kept = make_partial();
    if (known == 0)
      std::copy(input.begin(), input.end(), kept.header_bytes.begin());
    kept.header_size = static_cast<std::uint8_t>(known + input.size());
    done.consumed = input.size();
  }
  return verdict;
}

/// The rules that depend on the frames before this one, on the limits and on the extension.
errc ws_reader::check_sequence(const ws_header& header, const ws_limits& limits,
                               const inflater* inflate) const {
  if (is_control(header.op))
    return errc::ok;
  const bool continues = partial_ != nullptr && partial_->has_message;
  if (continues != (header.op == opcode::continuation))
    return errc::protocol_error;
  if (header.is_compressed && inflate == nullptr)
    return errc::protocol_error;
  const std::size_t fragments = continues ? partial_->fragments : 0;
  if (fragments >= limits.max_fragments)
    return errc::policy_violation;
  const bool is_compressed = continues ? partial_->is_compressed : header.is_compressed;
  const std::size_t size = continues ? partial_->received : 0;
  const std::size_t bound = max_wire_bytes(limits, is_compressed);
  return size > bound || header.length > bound - size ? errc::message_too_big : errc::ok;
}

void ws_reader::read_whole_payload(const ws_header& header, const ws_limits& limits,
                                   inflater* inflate, step& done) {
  done.consumed += done.payload.size();
  apply_mask(done.payload, header.key);
  if (is_control(header.op)) {
    read_control(header.op, done);
    return;
  }
  done.op = header.op;
  if (header.op == opcode::text && !header.is_compressed && !is_valid_utf8(done.payload))
    fail(errc::invalid_utf8);
  else
    read_message(header.is_compressed, limits, inflate, done);
}

void ws_reader::read_partial_payload(const ws_limits& limits, inflater* inflate, step& done) {
  auto& kept = *partial_;
  done.consumed += done.payload.size();
  if (!kept.append(done.payload, limits)) {
    fail(errc::invalid_utf8);
    return;
  }
  if (limits.in_parts && !is_control(kept.frame.op))
    return read_part(limits, done);
  if (kept.missing != 0)
    return;
  kept.has_frame = false;
  if (is_control(kept.frame.op)) {
    done.payload = std::span{kept.control}.first(kept.control_size);
    read_control(kept.frame.op, done);
  } else if (kept.frame.is_final) {
    kept.has_message = false;
    done.op = kept.op;
    done.payload = kept.message;
    if (kept.utf8.is_complete())
      read_message(kept.is_compressed, limits, inflate, done);
    else
      fail(errc::invalid_utf8);
  }
}

/// Reports `done.payload`, the next bytes of a message that nobody assembles.
void ws_reader::read_part(const ws_limits& limits, step& done) {
  auto& kept = *partial_;
  kept.has_frame = kept.missing != 0;
  kept.has_message = kept.has_frame || !kept.frame.is_final;
  done.op = kept.op;
  done.place = {.is_first = !kept.has_reported, .is_last = !kept.has_message};
  const errc error = kept.open_part(done.payload, limits, done.place.is_last);
  if (error != errc::ok)
    return fail(error);
  if (done.payload.empty() && !done.place.is_last)
    return;
  done.kind = step_kind::part;
  kept.has_reported = true;
}

void ws_reader::read_control(opcode op, step& done) {
  if (op == opcode::close)
    read_close(done);
  else
    done.kind = op == opcode::ping ? step_kind::ping : step_kind::pong;
}

void ws_reader::read_close(step& done) {
  done.close_status = static_cast<std::uint16_t>(close_code::no_status);
  if (!done.payload.empty()) {
    if (done.payload.size() == 1)
      return fail(errc::protocol_error);
    const auto high = std::to_integer<unsigned>(done.payload[0]);
    const auto low = std::to_integer<unsigned>(done.payload[1]);
    done.close_status = static_cast<std::uint16_t>((high << 8) | low);
    done.payload = done.payload.subspan(2);
    if (!is_valid_close_code(done.close_status) || !is_valid_utf8(done.payload))
      return fail(errc::protocol_error);
  }
  is_finished_ = true;
  done.kind = step_kind::close;
}

/// Completes `done.payload`, a whole message whose text is already checked unless compressed.
void ws_reader::read_message(bool is_compressed, const ws_limits& limits, inflater* inflate,
                             step& done) {
  if (is_compressed) {
    if (inflate == nullptr)
      return fail(errc::protocol_error);
    auto& inflated = make_partial().inflated;
    const errc error = inflate->inflate(done.payload, limits.max_message_bytes, inflated);
    if (error != errc::ok)
      return fail(error);
    done.payload = inflated;
    if (done.op == opcode::text && !is_valid_utf8(done.payload))
      return fail(errc::invalid_utf8);
  }
  done.kind = step_kind::message;
}

ws_reader::partial& ws_reader::make_partial() {
  if (partial_ == nullptr)
    partial_ = std::make_unique<partial>();
  return *partial_;
}

void ws_reader::release_partial() noexcept {
  if (partial_ != nullptr && (is_finished_ || partial_->is_idle()))
    partial_.reset();
}

void ws_reader::fail(errc error) noexcept {
  is_finished_ = true;
  error_ = error;
}

} // namespace troupe::protocol
