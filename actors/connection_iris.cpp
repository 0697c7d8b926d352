#include "actors/connection_state.hpp"

#include "protocol/iris.hpp"

// What connection_state does with messages of clients of the legacy iris protocol.

namespace troupe::actors {

bool connection_state::on_iris(protocol::opcode type, byte_view bytes) {
  auto decoded = protocol::decode_iris(endpoint_.own->names.iris_prefix, bytes);
  if (!decoded)
    return true; // there is no way to tell the client, and no reason to drop it
  if (decoded->is_native) {
    on_whole_message(type, bytes, own_);
    return true;
  }
  auto kind = decoded->type == protocol::iris_type::bytes ? content_kind::raw : content_kind::text;
  message_info about{.event = decoded->event, .is_binary = kind == content_kind::raw};
  auto outcome = run_handler(own_, about, {decoded->data, kind});
  if (outcome.code != errc::ok && own_.rules().error)
    guard(0, [&] { own_.rules().error(own_, about.event, outcome.text); });
  else if (outcome.reply)
    send_here(own_, about.event, std::move(*outcome.reply), {});
  return true;
}

} // namespace troupe::actors
