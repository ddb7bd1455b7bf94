#pragma once

#include <mutex>

/// Mutexes that say what they guard. clang's thread safety analysis holds the code to it (scripts/check-locks): a
/// member that is GUARDED_BY(mutex_) is used under `MutexLock lock(mutex_)` or in functions that say REQUIRES(mutex_),
/// and nowhere else. The names are those of https://clang.llvm.org/docs/ThreadSafetyAnalysis.html; gcc reads none of
/// them.
///
/// A std::condition_variable_any waits on a MutexLock. Its predicate says `[this]() REQUIRES(mutex_) { ... }`.
#ifdef __clang__
#define FLUX_THREAD_SAFETY(attribute) __attribute__((attribute))
#else
#define FLUX_THREAD_SAFETY(attribute)
#endif

/// A member that needs the mutex.
#define GUARDED_BY(mutex) FLUX_THREAD_SAFETY(guarded_by(mutex))
/// A function that is called with the mutex held.
#define REQUIRES(...) FLUX_THREAD_SAFETY(requires_capability(__VA_ARGS__))
/// A function that is called without the mutex held, because it takes it or calls somebody who may.
#define EXCLUDES(...) FLUX_THREAD_SAFETY(locks_excluded(__VA_ARGS__))
/// For Mutex and MutexLock themselves.
#define CAPABILITY(name) FLUX_THREAD_SAFETY(capability(name))
#define SCOPED_CAPABILITY FLUX_THREAD_SAFETY(scoped_lockable)
#define ACQUIRE(...) FLUX_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define RELEASE(...) FLUX_THREAD_SAFETY(release_capability(__VA_ARGS__))

namespace flux {

/// std::mutex, known to the analysis.
class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

/// Holds a mutex until it is destroyed. One thread.
class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() RELEASE() {
    if (held_) mutex_.unlock();
  }

  /// In between, for what must not be done under the mutex, and for condition variables.
  void unlock() RELEASE() {
    held_ = false;
    mutex_.unlock();
  }
  void lock() ACQUIRE() {
    mutex_.lock();
    held_ = true;
  }

 private:
  Mutex& mutex_;
  bool held_ = true;
};

}  // namespace flux
