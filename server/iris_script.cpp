#include "server/iris_script.hpp"

#include "embedded/iris.hpp"
#include "protocol/iris.hpp"

#include <stdexcept>

namespace troupe {

namespace {

std::string quoted(std::string_view text) {
  return '"' + std::string{text} + '"';
}

} // namespace

std::string make_iris_script(std::string_view prefix) {
  if (!protocol::is_valid_iris_prefix(prefix))
    throw std::invalid_argument{quoted(prefix)
                                + " is no prefix for iris messages: one or more "
                                  "characters of UTF-8 without quotes, backslashes and controls"};
  std::string script{embedded::iris().front().content};
  auto placeholder = quoted(protocol::default_iris_prefix);
  return script.replace(script.find(placeholder), placeholder.size(), quoted(prefix));
}

} // namespace troupe
