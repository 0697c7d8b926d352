#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "troupe/room.hpp"
#include "troupe/room_rules.hpp"

#include "actors/batch_builder.hpp"
#include "actors/messages.hpp"
#include "actors/restart_limit.hpp"
#include "actors/runtime.hpp"
#include "actors/timer_set.hpp"

namespace troupe::actors {

/// One room: its members, the application's state, and the order of everything it says.
///
/// What it says is collected; `take_batch` hands it out as one message for all shards.
///
/// Threading:  belongs to its actor, on the actor's shard.
/// Errors:     an exception of the application's code restarts the room in place: values and timers
///             are dropped, members stay and are told. Too many restarts park it.
class room_state final : public room {
public:
  /// @param flush  called when a timer has said something; ordinary messages need no call.
  room_state(runtime& shared, shard& home, room_ptr handle, std::function<void()> flush);

  const room_ptr& handle() const noexcept { return handle_; }

  // -- messages ----
  void admit(const admit_member& request);
  void leave(const leave_room& request);
  void input(const room_input& request);
  void send(const broadcast& request);
  void visit(const std::function<void(room&)>& run);

  /// What has been said since the last call, for the hubs of `shards_of`; none: nothing.
  room_batch_ptr take_batch();
  /// Shards that have members, or are addressed by an item of the batch.
  std::vector<std::size_t> shards_of(const room_batch& batch) const;
  /// How often somebody was admitted or turned away so far, if nobody is in; see `room_emptied`.
  std::uint64_t joins() const noexcept { return joins_; }
  /// Whether the application has closed it: the directory is to be told.
  bool is_closed() const noexcept { return is_closed_; }
  /// Its actor ends; drops what refers back to it.
  void end() noexcept;

  // -- troupe::room ----
  std::string_view name() const noexcept override { return handle_->name; }
  room_number number() const noexcept override { return handle_->number; }
  std::size_t size() const noexcept override { return members_.size(); }
  bool contains(connection_id id) const noexcept override { return members_.count(id) != 0; }
  const member& sender() const noexcept override { return sender_; }
  std::vector<member> members() const override;
  void remove(connection_id id) override;
  void close() override;
  value_store& values() override { return values_; }
  void send_event(const audience& to, std::string_view event, payload content,
                  const delivery& how) override;
  void send_event(std::span<const connection_id> to, std::string_view event, payload content,
                  const delivery& how) override;
  timer_id after(std::chrono::microseconds delay, std::function<void()> fire) override;
  timer_id at(net::time_point deadline, std::function<void()> fire) override;
  timer_id every(std::chrono::microseconds period, std::function<void()> fire) override;
  void cancel(timer_id timer) override { timers_.cancel(timer); }

private:
  using message = protocol::message;

  struct verdict_of_handler {
    errc code = errc::ok;
    std::string text;
  };
  template <class Call>
  verdict_of_handler guard(Call call);
  void set_sender(const member_info& who);
  void failed(std::string_view why);
  void park();
  void create();

  void add(const member_info& who, const join_room& request);
  void drop(connection_id id, protocol::left_reason reason, std::uint64_t ask_id = 0,
            departure how = departure::asked);
  void drop_all(protocol::left_reason reason);
  void tell_presence(const member_info& who, protocol::presence_kind kind);
  void reject(const member_info& who, std::uint64_t ask_id, errc code, std::string_view text);
  void report(const outgoing_event& about, errc code, std::string_view text);
  void relay(const outgoing_event& event, connection_id except, std::string_view except_client = {});
  void tell_all(const message& what, const delivery& how, connection_id except,
                std::string_view except_client = {});
  void tell_one(connection_id to, const message& what, const delivery& how);
  void tell_each(std::span<const connection_id> to, const message& what, const delivery& how);
  payload list_members(std::size_t at_most) const;
  std::function<void()> guarded(std::function<void()> fire);

  // constant after construction
  runtime& shared_;
  const room_rules& rules_;
  const space_entry& space_;
  // owned by the shard
  room_ptr handle_;
  std::unordered_map<connection_id, member_info> members_;
  std::array<std::size_t, protocol::encoding::count> members_by_encoding_{};
  std::vector<std::size_t> members_by_shard_;
  batch_builder batch_;
  value_store values_;
  timer_set timers_;
  std::function<void()> flush_;
  member sender_;
  restart_limit restarts_;
  std::uint64_t joins_ = 0;
  std::uint64_t epoch_ = 0;
  bool is_parked_ = false;
  bool is_closed_ = false;
  bool is_created_ = false;
};

} // namespace troupe::actors
