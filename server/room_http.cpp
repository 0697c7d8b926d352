#include "server/room_http.hpp"

#include "troupe/endpoint.hpp"

#include "server/http_json.hpp"
#include "server/http_routes.hpp"
#include "server/room_directory.hpp"
#include "server/room_matches.hpp"
#include "server/room_values.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace troupe::game {

namespace {

http_result failure(placement_fault why) {
  const auto text = to_string(why);
  switch (why) {
  case placement_fault::unknown_kind:
    return http_failure(404, "unknown_kind", text);
  case placement_fault::match_only:
    return http_failure(403, "match_only", text);
  case placement_fault::unknown_room:
    return http_failure(404, "unknown_room", text);
  case placement_fault::no_match:
    return http_failure(404, "no_match", text);
  case placement_fault::full:
    return http_failure(409, "full", text);
  case placement_fault::locked:
    return http_failure(409, "locked", text);
  case placement_fault::wrong_password:
    return http_failure(403, "wrong_password", text);
  case placement_fault::too_many_rooms:
    break;
  }
  return http_failure(503, "too_many_rooms", text);
}

http_result answer(const room_directory::reserved& seats) {
  return seats ? http_result{.body = to_json(to_payload(*seats))} : failure(seats.error());
}

http_result answer(const std::vector<listing>& rooms) {
  return {.body = to_json(to_payload(rooms))};
}

http_result failure(match_fault why) {
  const auto text = to_string(why);
  switch (why) {
  case match_fault::unknown_kind:
    return http_failure(404, "unknown_kind", text);
  case match_fault::queue_full:
    return http_failure(503, "queue_full", text);
  case match_fault::bad_group:
  case match_fault::bad_rating:
    break;
  }
  return http_failure(400, "bad_arguments", text);
}

http_result answer(const match_desk::taken& ticket) {
  if (!ticket)
    return failure(ticket.error());
  const std::map<std::string_view, std::string_view> content{{"ticket", *ticket}};
  return {.status = 202, .body = to_json(make_payload(content))};
}

/// A handler that answers what `run` makes of the body as a `Request`.
template <class Request, class Run>
http_routes::handler on_json(Run run) {
  return [run](const http_call& call) -> http_result {
    try {
      return answer(run(read_json<Request>(call.body)));
    } catch (const refused& no) {
      return http_failure(400, "bad_arguments", no.what());
    }
  };
}

http_result unknown_ticket() {
  return http_failure(404, "unknown_ticket", "there is no such ticket (any more)");
}

void offer_matches(http_routes& routes, const endpoint& at,
                   const std::shared_ptr<room_matches>& matches) {
  routes.add(at, "POST", "/match", on_json<match_wish>([matches](const auto& wish) {
               constexpr connection_id nobody = 0;
               return matches->add(wish, nobody);
             }));
  routes.add(at, "GET", "/match/*", [matches](const http_call& call) {
    const auto status = matches->look(call.rest);
    return status ? http_result{.body = to_json(to_payload(*status))} : unknown_ticket();
  });
  routes.add(at, "DELETE", "/match/*", [matches](const http_call& call) {
    return matches->cancel(call.rest) ? http_result{.status = 204} : unknown_ticket();
  });
}

http_result find_by_query(const room_directory& rooms, const http_call& call) {
  const auto kind = call.asked.query("kind");
  if (!kind)
    return http_failure(400, "bad_arguments", "the query has no kind: /find?kind=...");
  return answer(rooms.find({.kind = *kind}, room_directory::most_found));
}

} // namespace

void offer_room_http(http_routes& routes, const endpoint& at,
                     const std::shared_ptr<room_directory>& rooms,
                     const std::shared_ptr<room_matches>& matches) {
  offer_matches(routes, at, matches);
  const auto post = [&](std::string_view below, http_routes::handler run) {
    routes.add(at, "POST", below, std::move(run));
  };
  post("/create",
       on_json<room_request>([rooms](const auto& wanted) { return rooms->create(wanted); }));
  post("/join_matching",
       on_json<room_request>([rooms](const auto& wanted) { return rooms->join_matching(wanted); }));
  post("/join_or_create", on_json<room_request>([rooms](const auto& wanted) {
         return rooms->join_or_create(wanted);
       }));
  post("/join", on_json<join_wish>([rooms](const auto& one) {
         return rooms->join(one.room, one.password, one.seats);
       }));
  post("/find", on_json<room_request>([rooms](const auto& wanted) {
         return rooms->find(wanted, room_directory::most_found);
       }));
  routes.add(at, "GET", "/find",
             [rooms](const http_call& call) { return find_by_query(*rooms, call); });
}

} // namespace troupe::game
