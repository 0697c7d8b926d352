#include "net/static_files.hpp"

#include "net/ascii.hpp"
#include "net/digest.hpp"
#include "net/url_text.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace troupe::net {

namespace {

namespace fs = std::filesystem;

struct content_type {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array content_types{
    content_type{".html", "text/html; charset=utf-8"},
    content_type{".js", "text/javascript; charset=utf-8"},
    content_type{".mjs", "text/javascript; charset=utf-8"},
    content_type{".css", "text/css; charset=utf-8"},
    content_type{".json", "application/json"},
    content_type{".map", "application/json"},
    content_type{".txt", "text/plain; charset=utf-8"},
    content_type{".md", "text/plain; charset=utf-8"},
    content_type{".ts", "text/plain; charset=utf-8"},
    content_type{".svg", "image/svg+xml"},
    content_type{".png", "image/png"},
    content_type{".jpg", "image/jpeg"},
    content_type{".gif", "image/gif"},
    content_type{".webp", "image/webp"},
    content_type{".ico", "image/x-icon"},
    content_type{".woff2", "font/woff2"},
    content_type{".wasm", "application/wasm"},
    content_type{".mp3", "audio/mpeg"},
    content_type{".ogg", "audio/ogg"},
};

/// Quoted: the first 16 bytes of the content's SHA-256.
std::string etag_of(std::string_view content) {
  return '"' + to_hex(byte_view{sha256(content)}.first(16)) + '"';
}

/// Whether one of the If-None-Match fields names `etag`, compared weakly as HTTP demands.
bool is_not_modified(const request& asked, std::string_view etag) noexcept {
  bool matches = false;
  for (const auto field : asked.headers())
    if (iequals(field.name, "If-None-Match"))
      for_each_element(field.value, ',', [&](std::string_view tag) {
        tag.remove_prefix(tag.starts_with("W/") ? 2 : 0);
        matches |= tag == etag || tag == "*";
      });
  return matches;
}

std::string without_trailing_slash(std::string_view prefix) {
  return std::string{prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1) : prefix};
}

/// The key in the table: a folder's path stands for its index page.
std::string table_key(std::string_view path) {
  return std::string{path}.append(path.ends_with('/') ? "index.html" : "");
}

std::string read_file(const fs::path& path) {
  std::string content(fs::file_size(path), '\0');
  std::ifstream in{path, std::ios::binary};
  if (!in.read(content.data(), static_cast<std::streamsize>(content.size())))
    throw std::runtime_error{"The file '" + path.string() + "' cannot be read."};
  return content;
}

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

/// The regular file that `entry` is or links to, checked to lie in `root`.
fs::path checked_file(const fs::path& entry, const fs::path& root) {
  std::error_code error;
  auto target = fs::canonical(entry, error);
  if (error)
    throw std::runtime_error{"The link '" + entry.string() + "' leads nowhere."};
  if (!is_inside(target, root))
    throw std::runtime_error{"The link '" + entry.string() + "' leads out of the folder '"
                             + root.string() + "' that is to be served."};
  return target;
}

fs::path checked_folder(const fs::path& directory) {
  std::error_code error;
  auto root = fs::canonical(directory, error);
  if (error || !fs::is_directory(root, error))
    throw std::runtime_error{"'" + directory.string() + "' is not a folder that can be served."};
  return root;
}

} // namespace

std::string_view content_type_of(std::string_view file_name) noexcept {
  const auto dot = file_name.rfind('.');
  const auto extension = dot == std::string_view::npos ? "" : file_name.substr(dot);
  for (const auto& known : content_types)
    if (iequals(extension, known.extension))
      return known.type;
  return "application/octet-stream";
}

void static_files::add(std::string path, std::string content, std::string content_type) {
  contents_.push_back(std::move(content));
  insert(std::move(path), contents_.back(), std::move(content_type));
}

void static_files::add_embedded(std::string_view url_prefix, std::span<const embedded_file> files) {
  const auto prefix = without_trailing_slash(url_prefix) + '/';
  for (const auto& embedded : files)
    insert(prefix + std::string{embedded.path}, embedded.content, {});
}

void static_files::add_directory(std::string_view url_prefix, const fs::path& directory) {
  const auto prefix = without_trailing_slash(url_prefix) + '/';
  const auto root = checked_folder(directory);
  for (fs::recursive_directory_iterator entry{root}, end; entry != end; ++entry) {
    if (is_hidden(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    const auto target = checked_file(entry->path(), root);
    if (!fs::is_regular_file(target))
      continue;
    check_budget(fs::file_size(target), entry->path().string());
    const auto name = entry->path().lexically_relative(root).generic_string();
    add(prefix + name, read_file(target), {});
  }
}

bool static_files::contains(std::string_view path) const {
  return files_.find(table_key(path)) != files_.end();
}

std::optional<http_reply> static_files::respond(const request& asked, wall_time now) const {
  const auto found = files_.find(table_key(asked.path()));
  if (found == files_.end())
    return std::nullopt;
  return send(asked, found->second, now);
}

void static_files::check_budget(std::uintmax_t bytes, const std::string& name) const {
  if (bytes > max_total_bytes - total_bytes_)
    throw std::runtime_error{"The file '" + name
                             + "' does not fit: files served from memory may "
                               "take "
                             + std::to_string(max_total_bytes) + " bytes together."};
}

void static_files::insert(std::string path, std::string_view content, std::string content_type) {
  if (!is_plain_path(path))
    throw std::runtime_error{"'" + path + "' is not a path that a file can be served at."};
  check_budget(content.size(), path);
  total_bytes_ += content.size();
  auto key = table_key(path);
  if (content_type.empty())
    content_type = content_type_of(key);
  files_.insert_or_assign(std::move(key), file{content, std::move(content_type), etag_of(content)});
}

http_reply static_files::send(const request& asked, const file& found, wall_time now) {
  const bool not_modified = is_not_modified(asked, found.etag);
  const bool keep_alive = is_keep_alive(asked);
  http_reply reply{
      .status = not_modified ? 304 : 200, .bytes = {}, .body = {}, .close = !keep_alive};
  reply.bytes = begin_reply(reply.status, now)
                    .append(connection_field(keep_alive))
                    .append("Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nETag: ")
                    .append(found.etag)
                    .append("\r\n");
  if (!not_modified)
    reply.bytes.append("Content-Type: ")
        .append(found.content_type)
        .append("\r\nContent-Length: ")
        .append(std::to_string(found.content.size()))
        .append("\r\n");
  reply.bytes.append("\r\n");
  if (!not_modified && asked.method() != "HEAD")
    reply.body = found.content;
  return reply;
}

} // namespace troupe::net
