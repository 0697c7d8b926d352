#include "actors/batch_builder.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/outbox_model.hpp"

#include <random>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using test::text_frame;

namespace {

protocol::frame_set frames(const std::string& text, bool has_second = false) {
  protocol::frame_set result;
  result[0] = text_frame(text);
  if (has_second)
    result[2] = text_frame("2" + text);
  return result;
}

std::string text_of(const protocol::frame_ptr& frame) {
  return frame ? std::string{as_text(frame->bytes())} : "none";
}

using borders = std::vector<std::pair<std::size_t, std::size_t>>;

borders borders_of(const room_batch& batch) {
  borders result;
  for (auto& run : batch.runs)
    result.emplace_back(run.begin, run.end);
  return result;
}

} // namespace

TEST_CASE("batch_builder: puts ordered broadcasts side by side", "[actors][batch_builder]") {
  batch_builder builder;
  builder.broadcast(frames("a", true), {}, 0);
  builder.broadcast(frames("b"), {}, 9);
  builder.broadcast(frames("c", true), {}, 4);
  auto batch = builder.take(nullptr);
  REQUIRE(borders_of(*batch) == borders{{0, 3}});
  CHECK(text_of(batch->runs[0].frames[0]) == "abc");
  CHECK(text_of(batch->runs[0].frames[2]) == "2a2c");
  CHECK(text_of(batch->runs[0].frames[1]) == "none");
  CHECK(batch->runs[0].excepted == std::vector<connection_id>{4, 9});
  CHECK(batch->items.size() == 3);
  CHECK(builder.is_empty());
}

TEST_CASE("batch_builder: a single broadcast is no run", "[actors][batch_builder]") {
  batch_builder builder;
  builder.broadcast(frames("a"), {}, 0);
  auto batch = builder.take(nullptr);
  CHECK(batch->runs.empty());
  CHECK(text_of(batch->items[0].frames[0]) == "a");
}

TEST_CASE("batch_builder: what must keep its own place breaks a run", "[actors][batch_builder]") {
  batch_builder builder;
  builder.broadcast(frames("a"), {}, 0);
  builder.broadcast(frames("b"), {}, 0);
  SECTION("a latest broadcast") {
    builder.broadcast(frames("x"), latest(1), 0);
  }
  SECTION("a droppable broadcast") {
    builder.broadcast(frames("x"), droppable(), 0);
  }
  SECTION("a join") {
    builder.join(1, 0, text_frame("x"));
  }
  SECTION("a leave") {
    builder.leave(1, 0, text_frame("x"));
  }
  SECTION("a direct message") {
    builder.direct(1, 0, text_frame("x"), {});
  }
  builder.broadcast(frames("c"), {}, 0);
  builder.broadcast(frames("d"), {}, 0);
  auto batch = builder.take(nullptr);
  REQUIRE(borders_of(*batch) == borders{{0, 2}, {3, 5}});
  CHECK(text_of(batch->runs[0].frames[0]) == "ab");
  CHECK(text_of(batch->runs[1].frames[0]) == "cd");
  CHECK(text_of(batch->items[2].frames[0]) == "x");
}

TEST_CASE("batch_builder: merged frames are bounded", "[actors][batch_builder]") {
  batch_builder builder;
  const std::string third(batch_builder::max_merged_bytes / 3, 'x');
  for (int i = 0; i < 4; ++i)
    builder.broadcast(frames(third), {}, 0);
  builder.broadcast(frames(std::string(2 * batch_builder::max_merged_bytes, 'y')), {}, 0);
  builder.broadcast(frames("z"), {}, 0);
  auto batch = builder.take(nullptr);
  CHECK(borders_of(*batch) == borders{{0, 3}});
  for (auto& run : batch->runs)
    CHECK(run.frames[0]->size() <= batch_builder::max_merged_bytes);
}

TEST_CASE("batch_builder: every member hears the same with and without runs",
          "[actors][batch_builder]") {
  auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 300; ++round) {
    batch_builder builder;
    for (auto count = random() % 20; count > 0; --count) {
      auto text = std::string(1 + random() % 4'000, static_cast<char>('a' + random() % 26));
      builder.broadcast(frames(text, random() % 2 == 0),
                        random() % 5 == 0 ? latest(count) : ordered(), random() % 4);
    }
    auto batch = builder.take(nullptr);
    for (connection_id member = 1; member < 4; ++member)
      for (std::size_t encoding = 0; encoding < protocol::encoding::count; ++encoding) {
        std::string plain, merged;
        auto run = batch->runs.begin();
        for (std::size_t i = 0; i < batch->items.size(); ++i) {
          auto& item = batch->items[i];
          auto own =
              item.frames[encoding] && item.id != member ? text_of(item.frames[encoding]) : "";
          plain += own;
          while (run != batch->runs.end() && run->end <= i)
            ++run;
          auto is_in_run = run != batch->runs.end() && run->begin <= i
                           && std::count(run->excepted.begin(), run->excepted.end(), member) == 0;
          if (!is_in_run)
            merged += own;
          else if (run->begin == i && run->frames[encoding])
            merged += text_of(run->frames[encoding]);
        }
        REQUIRE(plain == merged);
      }
  }
}
