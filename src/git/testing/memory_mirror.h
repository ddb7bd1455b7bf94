#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "git/mirror.h"
#include "git/testing/memory_repository.h"

namespace flux::git::testing {

struct MemoryMirrorOptions {
  std::optional<Url> url = Url::parse("https://git.test/repo").value();  ///< nothing: unconfigured
  std::string branch = "main";  ///< the one that is followed: while upstream lacks it, a refresh fails as a real one's
  bool read_only = false;
  std::function<void()> on_refreshed = {};  ///< as MirrorConfig::on_refreshed
};

/// A mirror in memory, for tests of who uses one. Ready from the start, unless without a URL; a test moves upstream()
/// and then has refresh() bring that to what repository() reads. Nothing happens by itself: notify() and doubt() are
/// only counted. Any thread.
class MemoryMirror : public Mirror {
 public:
  explicit MemoryMirror(MemoryMirrorOptions options = {});

  /// What others push to.
  MemoryRepository& upstream() { return upstream_; }
  /// What repository(reader) gives, for its faults and its damage.
  MemoryRepository& copy(Reader reader) { return reader == Reader::sync ? *for_sync_ : *for_query_; }
  Faults& fetches() { return fetches_; }  ///< of refresh()
  Faults& pushes() { return pushes_; }    ///< of what goes upstream

  void set_status(MirrorStatus status);
  /// How often each was called.
  [[nodiscard]] int notified() const;
  [[nodiscard]] int doubted() const;

  [[nodiscard]] MirrorStatus status() const override;
  [[nodiscard]] const std::optional<Url>& url() const override { return options_.url; }
  [[nodiscard]] bool read_only() const override { return options_.read_only; }
  void notify() override;
  void doubt() override;
  Result<void> refresh(const Context& ctx) override;
  Result<void> move_tag(const Context& ctx, const TagMove& move) override;
  GitResult<std::string> push_commit(const Context& ctx, const CommitRequest& commit) override;

 private:
  [[nodiscard]] Result<std::shared_ptr<const Repository>> repository_for(Reader reader) const override;

  const MemoryMirrorOptions options_;
  MemoryRepository upstream_;
  const std::shared_ptr<MemoryRepository> for_sync_ = std::make_shared<MemoryRepository>();
  const std::shared_ptr<MemoryRepository> for_query_ = for_sync_->second_reader();
  Faults fetches_;
  Faults pushes_;
  mutable std::mutex mutex_;  ///< guards what follows
  MirrorStatus status_;
  int notified_ = 0;
  int doubted_ = 0;
};

}  // namespace flux::git::testing
