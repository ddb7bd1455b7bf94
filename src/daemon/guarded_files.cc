#include "daemon/guarded_files.h"

#include <fmt/format.h>

namespace flux::daemon {
namespace {

Failure refuse(const std::string& path, std::string_view flag, std::string_view what) {
  return fail(ErrorKind::user,
              fmt::format("{}: {}, which {} asks for and this version of fluxd cannot do yet", path, what, flag),
              fmt::format("Nothing was changed. Take the file out of the repository, or start without {}.", flag));
}

bool is_generator(std::string_view path) { return path == ".flux.yaml" || path.ends_with("/.flux.yaml"); }
bool is_git_secret(std::string_view path) { return path.starts_with(".gitsecret/"); }

bool is_sops(std::string_view text) {
  return text.find("sops:") != std::string_view::npos && text.find("mac:") != std::string_view::npos;
}

}  // namespace

bool GuardedFiles::minds(std::string_view path, const MissingFeatures& missing) {
  return (missing.generation && is_generator(path)) || (missing.git_secret && is_git_secret(path));
}

Result<std::vector<manifests::FileEntry>> GuardedFiles::list(const Bounded& ctx) {
  auto entries = files_.list(ctx);
  if (!entries) return entries;
  for (const auto& entry : *entries) {
    if (missing_.generation && is_generator(entry.path))
      return refuse(entry.path, "--manifest-generation", "has to be run to get the manifests");
    if (missing_.git_secret && is_git_secret(entry.path))
      return refuse(entry.path, "--git-secret", "says that files have to be revealed");
  }
  return entries;
}

Result<std::vector<std::string>> GuardedFiles::read(const Bounded& ctx, std::span<const manifests::FileEntry> files) {
  auto texts = files_.read(ctx, files);
  if (!texts || !missing_.sops) return texts;
  for (std::size_t i = 0; i < texts->size(); ++i)
    if (is_sops((*texts)[i])) return refuse(files[i].path, "--sops", "has to be decrypted");
  return texts;
}

}  // namespace flux::daemon
