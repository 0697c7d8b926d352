#include "protocol/frame.hpp"

#include <new>

namespace troupe::protocol {

frame_ptr frame_ptr::allocate(std::size_t capacity) {
  void* memory = ::operator new(sizeof(frame) + capacity);
  frame_ptr result;
  result.frame_ = ::new (memory) frame{0, static_cast<std::uint32_t>(capacity)};
  return result;
}

void frame_ptr::destroy() noexcept {
  frame_->~frame();
  ::operator delete(frame_);
}

} // namespace troupe::protocol
