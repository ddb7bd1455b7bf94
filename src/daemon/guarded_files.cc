#include "daemon/guarded_files.h"

#include <fmt/format.h>

#include "manifests/select.h"
#include "manifests/tree.h"

namespace flux::daemon {
namespace {

Failure refuse(const std::string& path, std::string_view flag, std::string_view what) {
  return fail(ErrorKind::user,
              fmt::format("{}: {}, which {} asks for and this version of fluxd cannot do yet", path, what, flag),
              fmt::format("Nothing was changed. Take the file out of the repository, or start without {}.", flag));
}

constexpr std::string_view kGeneration = "--manifest-generation";
constexpr std::string_view kGitSecret = "--git-secret";
constexpr std::string_view kGenerator = ".flux.yaml";

bool is_git_secret(std::string_view path) { return path.starts_with(".gitsecret/"); }

bool is_sops(std::string_view text) {
  return text.find("sops:") != std::string_view::npos && text.find("mac:") != std::string_view::npos;
}

}  // namespace

bool GuardedFiles::minds(std::string_view path) const {
  return (missing_.generation && manifests::base_of(path) == kGenerator) ||
         (missing_.git_secret && is_git_secret(path));
}

Result<std::string> GuardedFiles::find_generator(const Bounded& ctx, std::span<const manifests::FileEntry> entries) {
  const auto links = manifests::read_links(ctx, files_, entries);
  if (!links) return Failure(links.error());
  const manifests::Tree tree(entries, *links);
  for (const auto& path : paths_.empty() ? std::vector<std::string>{""} : paths_) {
    auto directory = manifests::clean_path(path).value_or(path);
    while (true) {
      auto generator = manifests::join(directory, kGenerator);
      if (const auto found = tree.resolve(generator); found && tree.file(*found)) return generator;
      if (directory.empty()) break;
      directory = std::string(manifests::parent_of(directory));
    }
  }
  return std::string();
}

Result<std::vector<manifests::FileEntry>> GuardedFiles::list(const Bounded& ctx) {
  auto entries = files_.list(ctx);
  if (!entries) return entries;
  if (missing_.generation) {
    const auto generator = find_generator(ctx, *entries);
    if (!generator) return Failure(generator.error());
    if (!generator->empty()) return refuse(*generator, kGeneration, "has to be run to get the manifests");
  }
  if (missing_.git_secret)
    for (const auto& entry : *entries)
      if (is_git_secret(entry.path)) return refuse(entry.path, kGitSecret, "says that files have to be revealed");
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
