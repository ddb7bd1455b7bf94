#pragma once

#include <memory>
#include <string>

#include "git/repository.h"
#include "manifests/files.h"

namespace flux::daemon {

/// One revision of a git repository, as manifests wants to see files.
class GitFiles : public manifests::FileSource {
 public:
  GitFiles(std::shared_ptr<const git::Repository> repository, std::string revision)
      : repository_(std::move(repository)), revision_(std::move(revision)) {}

  Result<std::vector<manifests::FileEntry>> list(const Bounded& ctx) override;
  Result<std::vector<std::string>> read(const Bounded& ctx, std::span<const manifests::FileEntry> files) override;

 private:
  std::shared_ptr<const git::Repository> repository_;
  std::string revision_;
};

}  // namespace flux::daemon
