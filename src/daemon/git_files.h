#pragma once

#include <memory>
#include <string>

#include "git/repository.h"
#include "manifests/files.h"

namespace flux::daemon {

/// One revision of a git repository, as manifests wants to see files. A file of more than kMaxFile bytes is refused by
/// its name without being read; of the others, some kHeld bytes are held at a time. What large ones took goes back to
/// the system with the destructor.
class GitFiles : public manifests::FileSource {
 public:
  GitFiles(std::shared_ptr<const git::Repository> repository, std::string revision)
      : repository_(std::move(repository)), revision_(std::move(revision)) {}

  Result<std::vector<manifests::FileEntry>> list(const Bounded& ctx) override;
  Result<std::vector<std::string>> read(const Bounded& ctx, std::span<const manifests::FileEntry> files) override;

  GitFiles(const GitFiles&) = delete;
  GitFiles& operator=(const GitFiles&) = delete;
  ~GitFiles() override;

  static constexpr std::size_t kMaxFile = std::size_t{16} << 20;
  static constexpr std::size_t kHeld = std::size_t{32} << 20;

 private:
  std::shared_ptr<const git::Repository> repository_;
  std::string revision_;
  std::size_t most_ = 0;  ///< bytes of the largest read
};

}  // namespace flux::daemon
