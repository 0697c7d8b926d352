#include "net/static_files.hpp"

#include "embedded/site.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http.hpp"
#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

using namespace troupe;
using namespace troupe::net;
using troupe::test::make_request;
using troupe::test::temporary_folder;

namespace {

const std::string hello_etag = "\"2cf24dba5fb0a30e26e83b2ac5b9e29e\""; // SHA-256 of "hello"

http_reply get(const static_files& files, std::string_view target, std::string_view fields = {}) {
  auto reply = files.respond(make_request(target, fields), wall_time{});
  REQUIRE(reply);
  return *std::move(reply);
}

bool has_line(const http_reply& reply, const std::string& line) {
  return reply.bytes.find("\r\n" + line + "\r\n") != std::string::npos;
}

} // namespace

TEST_CASE("static_files: a file is sent with its type and tag", "[net][static_files]") {
  static_files files;
  files.add("/a/hello.html", "hello");
  const auto reply = get(files, "/a/hello%2ehtml?x=y");
  CHECK(reply.status == 200);
  CHECK(reply.body == "hello");
  CHECK_FALSE(reply.close);
  CHECK(reply.bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(reply.bytes.ends_with("\r\n\r\n"));
  CHECK(has_line(reply, "Content-Type: text/html; charset=utf-8"));
  CHECK(has_line(reply, "Content-Length: 5"));
  CHECK(has_line(reply, "ETag: " + hello_etag));
  CHECK(has_line(reply, "Cache-Control: no-cache"));
  CHECK(has_line(reply, "X-Content-Type-Options: nosniff"));
  CHECK_FALSE(files.respond(make_request("/a/hello"), wall_time{}));
  CHECK_FALSE(files.respond(make_request("/a/"), wall_time{}));
}

TEST_CASE("static_files: HEAD gets the head alone", "[net][static_files]") {
  static_files files;
  files.add("/x", "hello");
  const auto asked = request::from_head("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n", {});
  const auto reply = files.respond(*asked, wall_time{});
  REQUIRE(reply);
  CHECK(has_line(*reply, "Content-Length: 5"));
  CHECK(reply->body.empty());
}

TEST_CASE("static_files: a browser that has the file is told so", "[net][static_files]") {
  static_files files;
  files.add("/x", "hello");
  for (const auto& tags :
       {hello_etag, "W/" + hello_etag, "\"other\", " + hello_etag, std::string{"*"}}) {
    CAPTURE(tags);
    const auto reply = get(files, "/x", "If-None-Match: " + tags + "\r\n");
    CHECK(reply.status == 304);
    CHECK(reply.body.empty());
    CHECK(reply.bytes.starts_with("HTTP/1.1 304 Not Modified\r\n"));
    CHECK(has_line(reply, "ETag: " + hello_etag));
    CHECK(reply.bytes.find("Content-Length") == std::string::npos);
  }
  CHECK(get(files, "/x", "If-None-Match: \"other\"\r\n").status == 200);
  CHECK(get(files, "/x", "If-None-Match: 2cf24dba5fb0a30e26e83b2ac5b9e29e\r\n").status == 200);
}

TEST_CASE("static_files: another content has another tag", "[net][static_files]") {
  static_files files;
  files.add("/x", "hello");
  files.add("/x", "hallo");
  CHECK(files.size() == 1);
  CHECK(get(files, "/x").body == "hallo");
  CHECK_FALSE(has_line(get(files, "/x"), "ETag: " + hello_etag));
}

TEST_CASE("static_files: a folder's path means its index page", "[net][static_files]") {
  static_files files;
  files.add("/index.html", "root");
  files.add("/demo/index.html", "demo");
  CHECK(get(files, "/").body == "root");
  CHECK(get(files, "/index.html").body == "root");
  CHECK(get(files, "/demo/").body == "demo");
  CHECK(files.contains("/demo/"));
  CHECK_FALSE(files.contains("/demo"));
}

TEST_CASE("static_files: a connection that shall end is closed", "[net][static_files]") {
  static_files files;
  files.add("/x", "hello");
  const auto reply = get(files, "/x", "Connection: close\r\n");
  CHECK(reply.close);
  CHECK(has_line(reply, "Connection: close"));
}

TEST_CASE("static_files: types follow the extension", "[net][static_files]") {
  CHECK(content_type_of("/a.b/troupe.JS") == "text/javascript; charset=utf-8");
  CHECK(content_type_of("a.svg") == "image/svg+xml");
  CHECK(content_type_of("a.wasm") == "application/wasm");
  CHECK(content_type_of("README") == "application/octet-stream");
  CHECK(content_type_of("a.html.exe") == "application/octet-stream");
  static_files files;
  files.add("/x", "hello", "text/troupe");
  CHECK(has_line(get(files, "/x"), "Content-Type: text/troupe"));
}

TEST_CASE("static_files: a path that no request can have is refused", "[net][static_files]") {
  static_files files;
  const std::string path = GENERATE("x", "", "/../x", "/a\nb");
  CHECK_THROWS_AS(files.add(path, "hello"), std::runtime_error);
  CHECK(files.size() == 0);
}

TEST_CASE("static_files: a folder is loaded with all below it", "[net][static_files]") {
  temporary_folder folder;
  folder.write("index.html", "root");
  folder.write("client/a b.js", "script");
  folder.write("empty.txt", "");
  folder.write(".git/config", "secret");
  folder.write("client/.env", "secret");
  static_files files;
  files.add_directory("/demo/", folder.path());
  CHECK(files.size() == 3);
  CHECK(get(files, "/demo/").body == "root");
  CHECK(get(files, "/demo/client/a%20b.js").body == "script");
  CHECK(has_line(get(files, "/demo/empty.txt"), "Content-Length: 0"));
  CHECK_FALSE(files.contains("/demo/.git/config"));
}

TEST_CASE("static_files: a link stays inside the folder", "[net][static_files]") {
  namespace fs = std::filesystem;
  temporary_folder outside;
  outside.write("secret", "secret");
  temporary_folder folder;
  folder.write("real.txt", "hello");
  static_files files;
  SECTION("a link to a file of the folder is served") {
    fs::create_symlink("real.txt", folder.path() / "link.txt");
    files.add_directory("", folder.path());
    CHECK(get(files, "/link.txt").body == "hello");
  }
  SECTION("a link to a file elsewhere is refused") {
    fs::create_symlink(outside.path() / "secret", folder.path() / "link.txt");
    CHECK_THROWS_AS(files.add_directory("", folder.path()), std::runtime_error);
  }
  SECTION("a link to a folder elsewhere is refused") {
    fs::create_directory_symlink(outside.path(), folder.path() / "link");
    CHECK_THROWS_AS(files.add_directory("", folder.path()), std::runtime_error);
  }
  SECTION("a link to nowhere is refused") {
    fs::create_symlink("gone", folder.path() / "link.txt");
    CHECK_THROWS_AS(files.add_directory("", folder.path()), std::runtime_error);
  }
}

TEST_CASE("static_files: a folder that is none is refused", "[net][static_files]") {
  temporary_folder folder;
  folder.write("file", "hello");
  static_files files;
  CHECK_THROWS_AS(files.add_directory("/", folder.path() / "gone"), std::runtime_error);
  CHECK_THROWS_AS(files.add_directory("/", folder.path() / "file"), std::runtime_error);
}

TEST_CASE("static_files: embedded files equal those on disk", "[net][static_files]") {
  static_files embedded;
  embedded.add_embedded("/", embedded::site());
  static_files loaded;
  loaded.add_directory("", TROUPE_TEST_SITE);
  CHECK(embedded.size() == 3);
  CHECK(loaded.size() == embedded.size());
  for (const auto* path : {"/", "/client/a.js", "/client/bytes.bin"}) {
    CAPTURE(path);
    CHECK(get(embedded, path).bytes == get(loaded, path).bytes);
    CHECK(get(embedded, path).body == get(loaded, path).body);
  }
}
