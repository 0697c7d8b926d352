#include "tests/support/still_runtime.hpp"

#include "actors/start_connection.hpp"

#include <array>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace troupe::test {

void hub_probe::note(const caf::type_erased_tuple& content) {
  ++messages;
  if (content.match_elements<actors::room_batch_ptr>())
    batches.push_back(content.get_as<actors::room_batch_ptr>(0));
  if (content.match_elements<actors::report_error>())
    errors.push_back(content.get_as<actors::report_error>(0));
}

void hub_probe::enqueue(caf::strong_actor_ptr from, caf::message_id id, caf::message content,
                        caf::execution_unit* unit) {
  note(content.content());
  hub_->enqueue(std::move(from), id, std::move(content), unit);
}

void hub_probe::enqueue(caf::mailbox_element_ptr element, caf::execution_unit* unit) {
  note(element->content());
  hub_->enqueue(std::move(element), unit);
}

endpoint& still_runtime::add_endpoint(speaks protocol) {
  auto rules = std::make_shared<endpoint>("/test", protocol);
  shared.add(rules).options = {.limits = shared.settings.limits, .reader = {}};
  return *rules;
}

void still_runtime::start(std::size_t shards) {
  shared.start(shards);
  for (std::size_t i = 0; i < shards; ++i) {
    auto probe = actors::spawn_pinned<hub_probe, caf::hidden + caf::lazy_init>(
        *shared.shards[i], std::exchange(shared.hubs[i], nullptr));
    hubs.push_back(probe.object);
    shared.hubs[i] = probe.handle;
  }
  settle();
}

net::tcp_socket still_runtime::connect(std::size_t shard, bool is_compressed) {
  auto is_native = includes(shared.endpoints[0].rules->protocols(), speaks::native);
  return connect(shard, {.speaks = is_native ? protocol::wire::native : protocol::wire::raw,
                         .is_compressed = is_compressed});
}

net::tcp_socket still_runtime::connect(std::size_t shard, protocol::encoding how) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw std::runtime_error{"no more sockets"};
  auto& home = *shared.shards[shard];
  home.post([this, &home, ends, how] {
    actors::start_connection(
        home, shared,
        {.socket = net::tcp_socket{ends[0]},
         .request = request::from_head("GET /test HTTP/1.1\r\nHost: a\r\n\r\n", {}).value(),
         .ticket = {},
         .endpoint = &shared.endpoints[0],
         .identity = {},
         .speaks = how.speaks,
         .is_compressed = how.is_compressed},
        {});
  });
  return net::tcp_socket{ends[1]};
}

void still_runtime::settle() {
  // The longest chain: connection, directory, room, hub, room, directory.
  for (int round = 0; round < 6; ++round)
    for (auto& shard : shared.shards)
      shard->shut_down();
}

void still_runtime::read() {
  for (auto& shard : shared.shards)
    shard->reactor().wait(net::time_point{});
  settle();
}

void still_runtime::write() {
  for (auto& shard : shared.shards)
    shard->reactor().flush();
}

void still_runtime::forget_messages() {
  for (auto* hub : hubs) {
    hub->messages = 0;
    hub->batches.clear();
    hub->errors.clear();
  }
}

std::string drain(net::tcp_socket& client) {
  std::string result;
  std::array<std::byte, 4096> buffer{};
  for (auto got = client.read(buffer); got.what == net::io_result::kind::done;
       got = client.read(buffer))
    result += as_text(std::span{buffer}.first(got.bytes));
  return result;
}

void send_all(net::tcp_socket& client, std::string_view bytes) {
  auto wrote = client.write(as_bytes(bytes));
  if (wrote.what != net::io_result::kind::done || wrote.bytes != bytes.size())
    throw std::runtime_error{"the socket does not take it all"};
}

} // namespace troupe::test
