#include "daemon/git_files.h"

#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>

#include "git/tree.h"

namespace flux::daemon {
namespace {

/// From here on giving back is worth its time.
constexpr std::size_t kLarge = std::size_t{4} << 20;

Failure too_large(const std::string& path, std::size_t size) {
  return fail(
      ErrorKind::user,
      fmt::format("{} has {} bytes; fluxd reads manifests of up to {} MiB", path, size, GitFiles::kMaxFile >> 20U),
      "Split it, or take it out of the directories of --git-path. The API server takes no object of more than "
      "about 3 MiB.");
}

}  // namespace

GitFiles::~GitFiles() {
  if (most_ > kLarge) ::malloc_trim(0);
}

Result<std::vector<manifests::FileEntry>> GitFiles::list(const Bounded& ctx) {
  auto entries = git::list_tree(ctx, *repository_, revision_);
  if (!entries) return Failure(entries.error());
  std::vector<manifests::FileEntry> files;
  files.reserve(entries->size());
  for (auto& entry : *entries) files.push_back({std::move(entry.path), std::move(entry.blob), entry.is_symlink()});
  return files;
}

Result<std::vector<std::string>> GitFiles::read(const Bounded& ctx, std::span<const manifests::FileEntry> files) {
  std::vector<std::string> ids;
  ids.reserve(files.size());
  for (const auto& file : files) ids.push_back(file.blob);
  const auto infos = repository_->describe(ctx, ids);
  if (!infos) return Failure(infos.error());
  std::size_t count = 0;
  std::size_t total = 0;
  for (; count < files.size(); ++count) {
    const auto size = (*infos)[count] ? (*infos)[count]->size : 0;
    if (size > kMaxFile) return too_large(files[count].path, size);
    if (count > 0 && total + size > kHeld) break;
    total += size;
  }
  ids.resize(count);
  most_ = std::max(most_, total);
  return git::read_blobs(ctx, *repository_, ids);
}

}  // namespace flux::daemon
