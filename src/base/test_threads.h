#pragma once

#include <pthread.h>

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

/// As long as it lives no thread can be started in this process: each would get a stack larger than all memory.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    ::pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    ::pthread_getattr_default_np(&huge);
    ::pthread_attr_setstacksize(&huge, std::size_t{1} << 50);
    ::pthread_setattr_default_np(&huge);
    ::pthread_attr_destroy(&huge);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;
  ~NoMoreThreads() {
    ::pthread_setattr_default_np(&before_);
    ::pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_;
};

}  // namespace flux
