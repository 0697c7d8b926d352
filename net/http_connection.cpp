#include "net/http_connection.hpp"

#include "net/reactor.hpp"

#include <algorithm>
#include <utility>

namespace troupe::net {

namespace {

peer peer_of(const tcp_socket& socket) {
  auto from = peer_endpoint(socket.descriptor());
  return {.address = std::move(from.address), .port = from.port, .secure = socket.is_secure()};
}

} // namespace

http_connection::http_connection(reactor& home, tcp_socket socket,
                                 std::optional<admission_ticket> ticket, http_front& front,
                                 const struct config::limits& limits)
  : home_{home},
    front_{front},
    limits_{limits},
    socket_{std::move(socket)},
    ticket_{std::move(ticket)},
    head_{peer_of(socket_), {.head_bytes = limits.head_bytes, .fields = limits.head_fields}} {}

http_connection::~http_connection() {
  watch(io_interest::none);
}

void http_connection::start() {
  interest_ = io_interest::read;
  home_.loop.add(socket_.descriptor(), *this, interest_);
  home_.timers.arm(*this, home_.now() + limits_.handshake_timeout);
}

void http_connection::on_ready(io_interest ready) noexcept {
  if (wants(ready, io_interest::write) && wants(interest_, io_interest::write))
    return write_some();
  if (wants(ready, io_interest::read))
    read_some();
}

void http_connection::on_timer(time_point) noexcept {
  if (is_lingering_ || !is_reading() || next_ != next_step::read_request)
    return done();
  incomplete_.reset();
  send(refusal_reply({.status = 408, .reason = "The request did not arrive in time."},
                     std::chrono::system_clock::now()));
}

void http_connection::read_some() {
  auto buffer = home_.receive_buffer();
  auto got = socket_.read(buffer);
  if (got.what == io_result::kind::would_block)
    return got.wants_write ? watch(io_interest::read_write) : void();
  if (got.what != io_result::kind::done)
    return done();
  if (!is_lingering_)
    feed(buffer.first(got.bytes));
}

void http_connection::feed(std::span<std::byte> bytes) {
  if (incomplete_)
    return feed_body(bytes);
  auto [consumed, state] = head_.feed(bytes);
  if (state == head_state::complete)
    begin_body(head_.take(), bytes.subspan(consumed));
  else if (state == head_state::refused)
    send(refusal_reply(head_.why(), std::chrono::system_clock::now()));
}

void http_connection::begin_body(request asked, std::span<std::byte> rest) {
  const auto size = body_size(asked);
  if (size == 0)
    return respond(std::move(asked), {}, rest);
  if (auto refused = front_.refuse_body(asked, size, ticket_.has_value())) {
    close_after(*refused);
    return send(*std::move(refused));
  }
  const bool is_waited_for = rest.empty() && expects_continue(asked);
  incomplete_.emplace(incomplete{.asked = std::move(asked), .missing = size});
  if (!is_waited_for)
    return feed_body(rest);
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  next_ = next_step::read_body;
  write_some();
}

void http_connection::feed_body(std::span<std::byte> bytes) {
  const auto part = bytes.first(std::min(bytes.size(), incomplete_->missing));
  incomplete_->body.append(as_text(part));
  incomplete_->missing -= part.size();
  if (incomplete_->missing != 0)
    return;
  auto whole = *std::move(incomplete_);
  incomplete_.reset();
  respond(std::move(whole.asked), whole.body, bytes.subspan(part.size()));
}

void http_connection::respond(request asked, std::string_view body, std::span<std::byte> rest) {
  auto answer = front_.answer(asked, body, ticket_.has_value());
  if (auto* reply = std::get_if<http_reply>(&answer)) {
    if (!rest.empty())
      close_after(*reply); // no pipelining: the client asks again
    return send(std::move(*reply));
  }
  early_.assign(as_text(rest));
  answer_ = std::move(std::get<upgrade_answer>(answer));
  asked_ = std::move(asked);
  out_ = std::move(answer_.bytes);
  next_ = next_step::upgrade;
  if (answer_.timeout != answer_.timeout.zero())
    home_.timers.arm(*this, home_.now() + answer_.timeout);
  write_some();
}

void http_connection::send(http_reply reply) {
  out_ = std::move(reply.bytes);
  body_ = reply.body;
  next_ = reply.close ? next_step::linger : next_step::read_request;
  home_.timers.arm(*this, home_.now() + limits_.write_timeout);
  write_some();
}

void http_connection::write_some() {
  while (!out_.empty() || !body_.empty()) {
    auto wrote = socket_.write(as_bytes(out_.empty() ? body_ : std::string_view{out_}),
                               answer_.greets);
    if (wrote.what == io_result::kind::would_block)
      return watch(io_interest::write);
    if (wrote.what != io_result::kind::done)
      return done();
    if (!out_.empty())
      out_.erase(0, wrote.bytes);
    else
      body_.remove_prefix(wrote.bytes);
  }
  on_written();
}

void http_connection::on_written() {
  watch(io_interest::read);
  switch (next_) {
    case next_step::upgrade:
      return upgrade();
    case next_step::linger:
      // Closing with unread input would reset the connection and take the answer with it.
      is_lingering_ = true;
      socket_.shutdown_send();
      return home_.timers.arm(*this, home_.now() + limits_.close_timeout);
    case next_step::read_body: // within the deadline of its head
      next_ = next_step::read_request;
      return;
    case next_step::read_request:
      return home_.timers.arm(*this, home_.now() + limits_.handshake_timeout);
  }
}

void http_connection::upgrade() {
  watch(io_interest::none);
  disarm();
  auto early = std::as_writable_bytes(std::span{early_});
  front_.on_upgraded({std::move(socket_), std::move(*asked_), std::move(ticket_),
                      std::move(answer_), early});
  front_.on_done(*this);
}

void http_connection::watch(io_interest interest) noexcept {
  if (interest == interest_ || !socket_.is_open())
    return;
  if (interest == io_interest::none)
    home_.loop.remove(socket_.descriptor(), *this);
  else
    home_.loop.modify(socket_.descriptor(), *this, interest);
  interest_ = interest;
}

void http_connection::done() {
  watch(io_interest::none);
  disarm();
  socket_.close();
  front_.on_done(*this);
}

} // namespace troupe::net
