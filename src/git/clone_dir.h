#pragma once

#include <filesystem>
#include <memory>

#include "base/descriptor.h"
#include "base/result.h"

namespace flux::git {

/// A directory `flux-gitclone*` of this process, locked for as long as it is in use and removed by the destructor.
/// The lock goes with the process however it ends, so others can tell what is left over.
class CloneDir {
 public:
  /// Under `parent`, private to our user.
  static Result<std::unique_ptr<CloneDir>> make(const std::filesystem::path& parent);
  CloneDir(const CloneDir&) = delete;
  CloneDir& operator=(const CloneDir&) = delete;
  ~CloneDir();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  CloneDir(std::filesystem::path path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  Descriptor lock_;
};

/// TMPDIR, else /tmp.
[[nodiscard]] std::filesystem::path temp_directory();

/// Removes the `flux-gitclone*` directories under `parent` whose process is gone. Those that nobody ever locked, such
/// as another program's, stay, but for empty ones that were never finished. Returns how many went.
std::size_t remove_stale_clones(const std::filesystem::path& parent);

}  // namespace flux::git
