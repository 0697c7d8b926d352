// A program of somebody who installed Troupe: a server, and a client that asks it.
#include "troupe/client.hpp"
#include "troupe/server.hpp"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace {

int ask_sum(const std::string& url) {
  troupe::client client{{.url = url}};
  if (const auto status = client.connect(); !status) {
    std::printf("cannot connect: %s\n", status.text.c_str());
    return -1;
  }
  auto answer = client.ask_future<int>("sum", 2, 3);
  if (answer.wait_for(std::chrono::seconds{10}) != std::future_status::ready)
    return -1;
  const auto sum = answer.get();
  return sum ? *sum : -1;
}

} // namespace

int main() {
  troupe::config settings;
  settings.listen = "127.0.0.1:0";
  troupe::server server{settings};
  server.endpoint("/chat").on("sum", [](int a, int b) { return a + b; });
  server.start();
  std::thread runner{[&server] { server.run(); }};

  const int sum = ask_sum("ws://" + server.address() + "/chat");
  server.stop();
  runner.join();
  std::printf("2 + 3 = %d\n", sum);
  return sum == 5 ? 0 : 1;
}
