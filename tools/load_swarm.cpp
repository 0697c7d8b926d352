#include "tools/load_swarm.hpp"

#include "net/digest.hpp"
#include "net/upgrade.hpp"
#include "protocol/ws_writer.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe::load {

namespace {

constexpr std::size_t receive_bytes = 512 * 1024;
constexpr std::size_t events_per_turn = 512;
/// So often the receive buffer may be filled by one connection before the others have their turn.
constexpr std::size_t reads_per_turn = 8;
constexpr nanoseconds close_timeout = std::chrono::seconds{2};

/// Larger than anything that is sent: what a server adds around a message must fit.
constexpr protocol::ws_limits limits{.max_message_bytes = 17 * 1024 * 1024,
                                     .max_fragments = 1'000'000};

instant clock_now() noexcept {
  return std::chrono::steady_clock::now();
}

/// Waits with nanosecond resolution where the kernel can (5.11), otherwise with milliseconds.
int wait_for_events(int epoll, std::span<epoll_event> into, nanoseconds timeout) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
  const timespec limit{seconds.count(), (timeout - seconds).count()};
  const int count =
      epoll_pwait2(epoll, into.data(), static_cast<int>(into.size()), &limit, nullptr);
  if (count >= 0 || errno != ENOSYS)
    return count;
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  return epoll_wait(epoll, into.data(), static_cast<int>(into.size()),
                    static_cast<int>(milliseconds.count()));
}

} // namespace

/// Hands the frames of one connection on.
struct swarm::reader {
  swarm& owner;
  std::size_t index;
  instant now;
  std::string close_reason{};

  bool on_frame(bool, std::size_t) noexcept { return true; }
  bool on_message(protocol::opcode, std::span<std::byte> message) {
    owner.events_.on_message(index, message, now);
    return true;
  }
  bool on_ping(byte_view payload) {
    owner.append_frame(owner.links_[index], protocol::opcode::pong, payload, {});
    owner.mark_dirty(index);
    return true;
  }
  bool on_pong(byte_view) noexcept { return true; }
  bool on_close(std::uint16_t code, std::string_view reason) {
    close_reason = "closed by the server with " + std::to_string(code);
    if (!reason.empty())
      close_reason.append(" ").append(reason);
    return true;
  }
};

swarm::swarm(const options& settings, const target_address& target, swarm_events& events)
    : settings_{settings},
      target_{target},
      events_{events},
      epoll_{epoll_create1(EPOLL_CLOEXEC)},
      links_(settings.shape().connections()),
      buffer_(receive_bytes),
      batch_(events_per_turn),
      random_{std::random_device{}()} {
  if (epoll_ < 0)
    throw std::system_error{errno, std::generic_category(), "epoll_create1"};
  if (settings.target.secure)
    tls_.emplace(settings.target.host, settings.ca_file, settings.verify_peer);
}

swarm::~swarm() {
  drop_all();
  ::close(epoll_);
}

void swarm::connect(std::size_t index, instant now) {
  auto& target = links_[index];
  ++busy_;
  const std::size_t sources = settings_.source_addresses;
  auto made = begin_connect(target_, sources == 1 ? 0 : 1 + index % sources);
  target.descriptor = made.descriptor;
  target.phase = link_phase::connecting;
  if (made.descriptor < 0)
    return finish(index, made.problem, now);
  ++target.generation;
  if (tls_)
    target.tls = tls_->connect_on(made.descriptor);
  watch(index);
  handshakes_.push_back(
      {now + settings_.connect_timeout, static_cast<std::uint32_t>(index), target.generation});
}

void swarm::append(std::size_t index, byte_view front, byte_view body) {
  append_frame(links_[index], protocol::opcode::binary, front, body);
  mark_dirty(index);
}

void swarm::append_frame(link& to, protocol::opcode op, byte_view front, byte_view body) {
  std::array<std::byte, protocol::max_ws_header_bytes> header;
  const auto mask = make_mask();
  const std::size_t length = front.size() + body.size();
  const std::size_t size = protocol::write_masked_header(header.data(), op, length, mask);
  to.out.insert(to.out.end(), header.data(), header.data() + size);
  to.out.insert(to.out.end(), front.begin(), front.end());
  to.out.insert(to.out.end(), body.begin(), body.end());
  protocol::apply_mask(std::span{to.out}.last(length), mask);
}

void swarm::mark_dirty(std::size_t index) {
  if (links_[index].is_dirty)
    return;
  links_[index].is_dirty = true;
  dirty_.push_back(static_cast<std::uint32_t>(index));
}

void swarm::flush() {
  for (std::size_t next = 0; next < dirty_.size(); ++next) {
    links_[dirty_[next]].is_dirty = false;
    if (!links_[dirty_[next]].waits_for_write)
      write_pending(dirty_[next]);
  }
  dirty_.clear();
}

void swarm::write_pending(std::size_t index) {
  auto& from = links_[index];
  if (from.descriptor < 0 || from.out.empty())
    return;
  const auto written = transmit(from.descriptor, from.tls.get(), from.out);
  ++counts_.writes;
  if (written.what == transfer::kind::failed)
    return; // the same error will end the connection when it is read
  from.out.erase(from.out.begin(), from.out.begin() + static_cast<std::ptrdiff_t>(written.bytes));
  from.waits_for_write = !from.out.empty();
}

void swarm::close(std::size_t index, instant now) {
  constexpr std::array<std::byte, 2> normal{std::byte{0x03}, std::byte{0xE8}}; // 1000
  links_[index].phase = link_phase::closing;
  append_frame(links_[index], protocol::opcode::close, normal, {});
  mark_dirty(index);
  closings_.push_back(
      {now + close_timeout, static_cast<std::uint32_t>(index), links_[index].generation});
}

void swarm::poll(instant deadline) {
  const auto before = clock_now();
  const bool may_wait = !settings_.spin && unread_.empty();
  const auto timeout = may_wait ? std::max(nanoseconds{0}, deadline - before) : nanoseconds{0};
  const int count = wait_for_events(epoll_, batch_, timeout);
  if (may_wait || count <= 0)
    counts_.waited += clock_now() - before;
  const auto unread = std::exchange(unread_, {});
  for (std::size_t next = 0; next < static_cast<std::size_t>(std::max(count, 0)); ++next)
    dispatch(batch_[next]);
  for (const auto& event : unread)
    dispatch(event);
}

void swarm::dispatch(const epoll_event& event) {
  const auto index = static_cast<std::size_t>(event.data.u64 & 0xFFFFFFFF);
  auto& ready = links_[index];
  if (ready.generation != event.data.u64 >> 32 || ready.descriptor < 0)
    return;
  if (ready.phase == link_phase::connecting)
    return on_connected(index);
  if ((event.events & EPOLLOUT) != 0)
    write_pending(index);
  if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0)
    receive_all(event);
  // What was read may have completed a TLS handshake that held up the request.
  if (ready.tls && ready.generation == event.data.u64 >> 32 && ready.waits_for_write)
    write_pending(index);
}

void swarm::on_connected(std::size_t index) {
  auto& ready = links_[index];
  if (const auto problem = connect_problem(ready.descriptor); !problem.empty())
    return finish(index, problem, clock_now());
  ready.phase = link_phase::upgrading;
  const auto key = make_key();
  ready.expected_accept = net::accept_key(key);
  const auto request = to_text({.host = settings_.target.authority(),
                                .path = settings_.path_of(index),
                                .key = key,
                                .subprotocol = settings_.subprotocol,
                                .headers = settings_.headers});
  const auto bytes = as_bytes(request);
  ready.out.assign(bytes.begin(), bytes.end());
  write_pending(index);
}

void swarm::receive_all(const epoll_event& event) {
  const auto index = static_cast<std::size_t>(event.data.u64 & 0xFFFFFFFF);
  const auto generation = links_[index].generation;
  const bool has_ended = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  for (std::size_t round = 0; round < reads_per_turn; ++round) {
    const auto outcome = receive(index);
    if (links_[index].generation != generation || links_[index].descriptor < 0)
      return;
    // After its end a socket is read until that end is seen: no further event will come.
    if (outcome == read_outcome::nothing || (outcome == read_outcome::emptied && !has_ended))
      return;
  }
  unread_.push_back(event);
}

swarm::read_outcome swarm::receive(std::size_t index) {
  const auto got = load::receive(links_[index].descriptor, links_[index].tls.get(), buffer_);
  const auto now = clock_now();
  ++counts_.reads;
  if (got.what == transfer::kind::would_block)
    return read_outcome::nothing;
  if (got.what != transfer::kind::done) {
    const bool is_end = got.what == transfer::kind::ended;
    finish(index, is_end ? "closed by the server without a close frame" : got.problem, now);
    return read_outcome::nothing;
  }
  const auto bytes = std::span{buffer_}.first(got.bytes);
  if (links_[index].phase == link_phase::upgrading)
    read_head(index, bytes, now);
  else
    read_frames(index, bytes, now);
  return bytes.size() == buffer_.size() ? read_outcome::filled : read_outcome::emptied;
}

void swarm::read_head(std::size_t index, std::span<std::byte> bytes, instant now) {
  auto& ready = links_[index];
  const std::size_t before = ready.head.size();
  ready.head += as_text(bytes);
  const auto response = read_response(ready.head, ready.expected_accept, settings_.subprotocol);
  if (!response)
    return;
  if (!response->problem.empty())
    return finish(index, response->problem, now);
  const auto rest = bytes.subspan(response->head_bytes - before);
  ready.head = {};
  ready.expected_accept = {};
  ready.phase = link_phase::open;
  events_.on_open(index, now);
  if (!rest.empty())
    read_frames(index, rest, now);
}

void swarm::read_frames(std::size_t index, std::span<std::byte> bytes, instant now) {
  auto& ready = links_[index];
  if (ready.has_peer_closed)
    return;
  reader handler{*this, index, now};
  const auto done = ready.reader.feed(bytes, handler, limits);
  events_.on_read(now);
  flush();
  if (done.error != errc::ok)
    return finish(index, "broke RFC 6455: " + std::string{to_string(done.error)}, now);
  if (!ready.reader.is_finished())
    return;
  ready.has_peer_closed = true; // while closing, the server is the one to end the TCP connection
  if (ready.phase == link_phase::open)
    finish(index, handler.close_reason, now);
}

void swarm::enforce_deadlines(instant now) {
  const auto expired = [&](std::deque<deadline_entry>& queue, auto is_pending, const char* reason) {
    for (; !queue.empty() && queue.front().at <= now; queue.pop_front()) {
      const auto& waiting = links_[queue.front().link];
      if (waiting.generation == queue.front().generation && is_pending(waiting.phase))
        finish(queue.front().link, reason, now);
    }
  };
  expired(
      handshakes_,
      [](link_phase phase) {
        return phase == link_phase::connecting || phase == link_phase::upgrading;
      },
      "no answer to the handshake in time");
  expired(
      closings_, [](link_phase phase) { return phase == link_phase::closing; },
      "no answer to the close frame in time");
}

void swarm::finish(std::size_t index, const std::string& reason, instant now) {
  auto& ended = links_[index];
  const auto phase = ended.phase;
  const bool is_clean = ended.has_peer_closed;
  release(ended);
  --busy_;
  if (phase == link_phase::open)
    events_.on_lost(index, reason);
  else if (phase == link_phase::closing)
    events_.on_closed(index, is_clean, now);
  else
    events_.on_failed(index, reason);
}

void swarm::release(link& which) noexcept {
  which.tls.reset();
  if (which.descriptor >= 0)
    ::close(which.descriptor);
  const auto generation = which.generation;
  const bool is_dirty = which.is_dirty;
  which = {};
  which.generation = generation;
  which.is_dirty = is_dirty;
}

void swarm::drop_all() noexcept {
  for (auto& each : links_)
    release(each);
  busy_ = 0;
}

void swarm::watch(std::size_t index) {
  // Edges, because a level would be asked for again on every wait. They are enough: a read that
  // does not fill the buffer has emptied the socket, unless the peer has ended it meanwhile.
  const std::uint64_t generation = links_[index].generation;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<std::uint32_t>(EPOLLET);
  event.data.u64 = (generation << 32) | index;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, links_[index].descriptor, &event);
}

std::string swarm::make_key() {
  const std::array<std::uint64_t, 2> words{random_(), random_()};
  return net::to_base64(std::as_bytes(std::span{words}));
}

protocol::mask_key swarm::make_mask() noexcept {
  const auto word = static_cast<std::uint32_t>(random_());
  protocol::mask_key key;
  std::memcpy(key.data(), &word, sizeof word);
  return key;
}

} // namespace troupe::load
