#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

namespace flux {

/// How many threads this process has, for tests of what starts some.
inline std::ptrdiff_t threads_of_this_process() {
  std::jthread([] {}).join();  // with the first one a sanitizer starts its own
  using Entries = std::filesystem::directory_iterator;
  return std::distance(Entries("/proc/self/task"), Entries());
}

}  // namespace flux
