#pragma once
#include "troupe/request.hpp"

#include "net/embedded_file.hpp"
#include "net/http_response.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace troupe::net {

/// The Content-Type for a file name, by its extension; "application/octet-stream" if unknown.
std::string_view content_type_of(std::string_view file_name) noexcept;

/// Files served from memory: the demo pages and the JavaScript client.
///
/// Everything is loaded before the server starts, so a request never touches the disk and can name
/// nothing that was not added. A file index.html is served for its folder's path ("/" or "/x/")
/// as well. Browsers must ask again each time and are told "304 Not Modified" by a strong ETag.
///
/// Threading:  add first, from one thread; `respond` may then be called from any thread.
/// Ownership:  owns what `add` and `add_directory` were given; embedded files stay where they are.
///             Replies have views into the table: it must outlive them unchanged.
/// Errors:     adding throws std::runtime_error with a full sentence; `respond` throws nothing but
///             std::bad_alloc.
class static_files {
public:
  static constexpr std::size_t max_total_bytes = std::size_t{256} * 1024 * 1024;

  static_files() = default;
  static_files(const static_files&) = delete;
  static_files& operator=(const static_files&) = delete;

  /// Serves `content` at `path` ("/name"); replaces what was there. An empty `content_type` is
  /// chosen by the extension.
  void add(std::string path, std::string content, std::string content_type = {});

  /// Serves each file under "`url_prefix`/<file's path>".
  void add_embedded(std::string_view url_prefix, std::span<const embedded_file> files);

  /// Loads the files below `directory` and serves them under "`url_prefix`/<file's path>". Names
  /// that start with a dot are left out, links to folders are not followed, and a symbolic link
  /// that leads out of the folder or nowhere is an error.
  void add_directory(std::string_view url_prefix, const std::filesystem::path& directory);

  std::size_t size() const noexcept { return files_.size(); } ///< paths served
  bool contains(std::string_view path) const;

  /// The answer to GET and HEAD for a path in the table; nothing for any other path.
  std::optional<http_reply> respond(const request& asked, wall_time now) const;

private:
  struct file {
    std::string_view content; // of `contents_`, or of an embedded file
    std::string content_type;
    std::string etag; // with quotes
  };

  void check_budget(std::uintmax_t bytes, const std::string& name) const;
  void insert(std::string path, std::string_view content, std::string content_type);
  static http_reply send(const request& asked, const file& found, wall_time now);

  std::map<std::string, file, std::less<>> files_;
  std::deque<std::string> contents_; // never moved: `files_` has views of it
  std::size_t total_bytes_ = 0;
};

} // namespace troupe::net
