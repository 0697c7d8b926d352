#include "troupe/dialer.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>

namespace {

int fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  return 1;
}

} // namespace

/// Sends the time, in seconds since 1970, and prints what comes back, once a second: echo_client
/// [URL [HOW_OFTEN]].
int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "ws://127.0.0.1:8080/echo";
  const int times = argc > 2 ? std::atoi(argv[2]) : 10;

  auto opened = troupe::dial(url, {.handshake_timeout = std::chrono::seconds{5}});
  if (!opened)
    return fail(opened.error().text);
  for (int sent = 0; sent < times; ++sent) {
    if (sent > 0)
      std::this_thread::sleep_for(std::chrono::seconds{1});
    if (const auto written = opened->write_text(std::to_string(std::time(nullptr))); !written)
      return fail(written.text);
    const auto message = opened->read_message();
    if (!message)
      return fail(message.error().text);
    std::printf("received %s\n", std::string{message->text()}.c_str());
  }
  const auto closed = opened->close();
  return closed ? 0 : fail(closed.text);
}
