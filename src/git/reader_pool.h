#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/fair_semaphore.h"
#include "base/guarded.h"
#include "git/objects.h"

namespace flux::git {

/// A bounded number of object readers for one repository, each with a git process of its own from when it is first
/// needed. As long as one is free nobody waits; after that, in the order of asking and within the context's deadline
/// (`waiting for a free reader of the git repository: ...`). Any thread.
class ReaderPool {
 public:
  ReaderPool(Git git, std::filesystem::path dir, std::size_t limit);

  /// As Objects::read().
  Result<std::vector<std::optional<Object>>> read(const Bounded& ctx, const std::vector<std::string>& names);
  /// As Objects::describe().
  Result<std::vector<std::optional<ObjectInfo>>> describe(const Bounded& ctx, const std::vector<std::string>& names);

  /// How many readers are at work. For tests.
  [[nodiscard]] std::size_t busy() const;

 private:
  std::unique_ptr<Objects> take();
  void put_back(std::unique_ptr<Objects> reader);

  const Git git_;
  const std::filesystem::path dir_;
  FairSemaphore free_;
  mutable Mutex mutex_;
  /// Used last at the end: who is seldom needed is seldom started.
  std::vector<std::unique_ptr<Objects>> idle_ GUARDED_BY(mutex_);
  std::size_t busy_ GUARDED_BY(mutex_) = 0;
};

}  // namespace flux::git
