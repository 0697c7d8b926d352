#include "actors/connection_state.hpp"

#include "protocol/iris.hpp"
#include "protocol/utf8.hpp"

// What connection_state does with messages of clients of the legacy iris protocol.

namespace troupe::actors {

bool connection_state::on_iris(protocol::opcode type, byte_view bytes) {
  auto decoded = protocol::decode_iris(endpoint_.own->names.iris_prefix, bytes);
  if (!decoded) { // there is no way to tell the client, and no reason to drop it
    if (own_.rules().error)
      guard(0, [&] { own_.rules().error(own_, {}, decoded.error().text()); });
    return true;
  }
  if (decoded->is_native) {
    on_whole_message(type, bytes, own_);
    return true;
  }
  auto is_text = decoded->type != protocol::iris_type::bytes
                 && (type == protocol::opcode::text || protocol::is_valid_utf8(decoded->data));
  message_info about{.event = decoded->event, .is_binary = !is_text};
  auto outcome = run_handler(
    own_, about, {decoded->data, is_text ? content_kind::text : content_kind::raw});
  if (outcome.code != errc::ok && own_.rules().error)
    guard(0, [&] { own_.rules().error(own_, about.event, outcome.text); });
  else if (outcome.reply)
    send_here(own_, about.event, std::move(*outcome.reply), {});
  return true;
}

} // namespace troupe::actors
