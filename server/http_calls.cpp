#include "server/http_calls.hpp"

#include "actors/runtime.hpp"
#include "net/ascii.hpp"
#include "net/upgrade.hpp"
#include "server/judge.hpp"

#include <chrono>
#include <exception>
#include <spdlog/spdlog.h>
#include <string>
#include <utility>

namespace troupe {

namespace {

net::wall_time now() {
  return std::chrono::system_clock::now();
}

void add_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

/// The fields that let the page that has called read the answer. @pre its origin is allowed
std::string cors_fields(const request& asked) {
  std::string fields{"Vary: Origin\r\n"};
  if (const auto origin = asked.header("Origin"))
    add_field(fields, "Access-Control-Allow-Origin", *origin);
  return fields;
}

/// The answer to OPTIONS: what may be called, for people and for browsers that ask before they do.
std::string option_fields(const request& asked, const http_routes::resource& what) {
  std::string fields;
  add_field(fields, "Allow", what.methods());
  if (!asked.header("Access-Control-Request-Method"))
    return fields;
  add_field(fields, "Access-Control-Allow-Methods", what.methods());
  if (const auto wanted = asked.header("Access-Control-Request-Headers"))
    add_field(fields, "Access-Control-Allow-Headers", *wanted);
  add_field(fields, "Access-Control-Max-Age", "600");
  return fields;
}

bool is_json(const request& asked) {
  const auto type = asked.header("Content-Type").value_or("");
  return net::iequals(net::trim(type.substr(0, type.find(';'))), "application/json");
}

http_result run(const http_routes::handler& handler, const http_call& call) noexcept {
  try {
    return handler(call);
  } catch (const std::exception& error) {
    spdlog::error("the call of {} failed: {}", call.asked.path(), error.what());
  } catch (...) {
    spdlog::error("the call of {} failed", call.asked.path());
  }
  return http_failure(500, "internal", "The server failed to answer this request.");
}

net::http_reply to_reply(const request& asked, const http_result& what, std::string fields) {
  add_field(fields, "Cache-Control", "no-store");
  if (what.status == 429)
    add_field(fields, "Retry-After", "1");
  return net::content_reply(asked,
                            {.status = what.status,
                             .content_type = what.content_type,
                             .fields = fields,
                             .body = what.body},
                            now());
}

} // namespace

const actors::endpoint_entry& http_calls::entry_of(const http_routes::match& at) const {
  return *shared_.find_endpoint(at.what->at->path());
}

std::optional<net::http_reply> http_calls::refuse_body(const request& asked,
                                                       std::size_t size) const {
  const auto most = entry_of(*routes_.find(asked.path())).options.limits.message_bytes;
  if (size <= most)
    return std::nullopt;
  return to_reply(
      asked,
      http_failure(413, "message_too_big", "A body may have " + std::to_string(most) + " bytes."),
      {});
}

net::http_reply http_calls::answer(const request& asked, std::string_view body) {
  const auto at = *routes_.find(asked.path());
  const auto& entry = entry_of(at);
  if (const auto refused = net::check_origin(asked, entry.upgrade.origins))
    return to_reply(asked, http_failure(refused->status, "forbidden", refused->reason), {});
  auto fields = cors_fields(asked);
  if (asked.method() == "OPTIONS")
    return to_reply(asked, {.status = 204}, fields + option_fields(asked, *at.what));
  if (!at.what->find(asked.method())) {
    add_field(fields, "Allow", at.what->methods());
    return to_reply(asked, http_failure(405, "unknown_operation", "This is not called so."),
                    fields);
  }
  return to_reply(asked, decide(asked, body, at, entry), fields);
}

http_result http_calls::decide(const request& asked, std::string_view body,
                               const http_routes::match& at, const actors::endpoint_entry& entry) {
  if (entry.rules->is_shut_down())
    return http_failure(503, "going_away", "This endpoint was shut down.");
  if (!is_within_rate(asked, entry))
    return http_failure(429, "rate_limited", "There are too many calls from this address.");
  const auto judged = judge(*entry.rules, asked);
  if (!judged)
    return http_failure(500, "internal", "The server failed to answer this request.");
  if (judged->status != 101)
    return http_failure(judged->status, "refused", judged->text);
  if (!body.empty() && !is_json(asked))
    return http_failure(415, "bad_arguments", "The Content-Type must be application/json.");
  return run(*at.what->find(asked.method()),
             {.asked = asked, .body = body, .rest = at.rest, .identity = judged->text});
}

bool http_calls::is_within_rate(const request& asked, const actors::endpoint_entry& entry) {
  const auto& limits = entry.options.limits;
  return meter_.take(
      std::string{asked.remote_address()}, static_cast<double>(limits.messages_per_s),
      static_cast<double>(limits.burst == 0 ? SIZE_MAX : limits.burst), net::steady_clock::now());
}

} // namespace troupe
