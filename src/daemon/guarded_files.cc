#include "daemon/guarded_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "manifests/select.h"

namespace flux::daemon {
namespace {

Failure refuse(const std::string& path, std::string_view flag, std::string_view what) {
  return fail(ErrorKind::user,
              fmt::format("{}: {}, which {} asks for and this version of fluxd cannot do yet", path, what, flag),
              fmt::format("Nothing was changed. Take the file out of the repository, or start without {}.", flag));
}

constexpr std::string_view kGeneration = "--manifest-generation";
constexpr std::string_view kGitSecret = "--git-secret";

/// A generator for one of the paths: it is looked for there and in the directories above.
bool is_generator(std::string_view path, const std::vector<std::string>& paths) {
  constexpr std::string_view kName = ".flux.yaml";
  if (path != kName && !path.ends_with("/.flux.yaml")) return false;
  path.remove_suffix(std::min(path.size(), kName.size() + 1));
  const auto below = [&](const std::string& root) {
    return manifests::is_below(manifests::clean_path(root).value_or(root), path);
  };
  return paths.empty() ? path.empty() : std::ranges::any_of(paths, below);
}

bool is_git_secret(std::string_view path) { return path.starts_with(".gitsecret/"); }

bool is_sops(std::string_view text) {
  return text.find("sops:") != std::string_view::npos && text.find("mac:") != std::string_view::npos;
}

}  // namespace

std::string_view GuardedFiles::why_refused(std::string_view path) const {
  if (missing_.generation && is_generator(path, paths_)) return kGeneration;
  if (missing_.git_secret && is_git_secret(path)) return kGitSecret;
  return {};
}

Result<std::vector<manifests::FileEntry>> GuardedFiles::list(const Bounded& ctx) {
  auto entries = files_.list(ctx);
  if (!entries) return entries;
  for (const auto& entry : *entries) {
    const auto flag = why_refused(entry.path);
    if (flag == kGeneration) return refuse(entry.path, flag, "has to be run to get the manifests");
    if (flag == kGitSecret) return refuse(entry.path, flag, "says that files have to be revealed");
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
