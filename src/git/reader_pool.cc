#include "git/reader_pool.h"

namespace flux::git {

ReaderPool::ReaderPool(Git git, std::filesystem::path dir, std::size_t limit)
    : git_(std::move(git)), dir_(std::move(dir)), free_(limit, "a free reader of the git repository") {}

std::unique_ptr<Objects> ReaderPool::take() {
  const MutexLock lock(mutex_);
  ++busy_;
  if (idle_.empty()) return std::make_unique<Objects>(git_, dir_);
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

void ReaderPool::put_back(std::unique_ptr<Objects> reader) {
  const MutexLock lock(mutex_);
  --busy_;
  idle_.push_back(std::move(reader));
}

std::size_t ReaderPool::busy() const {
  const MutexLock lock(mutex_);
  return busy_;
}

Result<std::vector<std::optional<Object>>> ReaderPool::read(const Bounded& ctx, const std::vector<std::string>& names) {
  const auto permit = free_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  auto reader = take();
  auto answers = reader->read(ctx, names);
  put_back(std::move(reader));
  return answers;
}

Result<std::vector<std::optional<ObjectInfo>>> ReaderPool::describe(const Bounded& ctx,
                                                                    const std::vector<std::string>& names) {
  const auto permit = free_.acquire(ctx);
  if (!permit) return Failure(permit.error());
  auto reader = take();
  auto answers = reader->describe(ctx, names);
  put_back(std::move(reader));
  return answers;
}

}  // namespace flux::git
