#include "tools/serve.hpp"

#include "troupe/server.hpp"

#include "embedded/web.hpp"
#include "examples/arena/arena.hpp"

#include <string>

namespace troupe {

void add_demo(server& to) {
  for (auto& file : embedded::web()) {
    std::string path{file.path};
    auto is_page = path.starts_with("demo/");
    to.file(is_page ? path.substr(4) : "/" + path, std::string{file.content});
  }
  to.browser_client();
  auto& demo = to.endpoint("/demo");
  demo.resume();
  demo.rooms().relay("pointer").relay("say").relay("name");
  arena::add_to(to);
}

} // namespace troupe
