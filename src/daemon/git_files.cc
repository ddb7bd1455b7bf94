#include "daemon/git_files.h"

#include "git/tree.h"

namespace flux::daemon {

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
  return git::read_blobs(ctx, *repository_, ids);
}

}  // namespace flux::daemon
