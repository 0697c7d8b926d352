#pragma once
#include <string_view>

namespace troupe::net {

/// A file that troupe_embed_files() compiled into the program. Ownership: static storage.
struct embedded_file {
  std::string_view path;    ///< relative to the embedded folder, e.g. "client/troupe.js"
  std::string_view content; ///< the bytes of the file
};

} // namespace troupe::net
