#include "git/clone_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace flux::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "flux-gitclone";
/// Not yet locked, so not ours to judge.
constexpr std::string_view kUnfinished = "flux-gitclone-new-";
constexpr std::string_view kLockFile = "fluxd.lock";

Failure failed(std::string_view what, const fs::path& where) {
  return fail(ErrorKind::server, fmt::format("{} {}: {}", what, where.string(), std::strerror(errno)),
              "The git mirror needs a writable temporary directory; set TMPDIR to choose another one.");
}

/// The locked file. Nothing when somebody holds it (or there is none).
Descriptor try_lock(const fs::path& file, int flags) {
  Descriptor opened(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  if (opened && ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) opened.reset();
  return opened;
}

}  // namespace

Result<std::unique_ptr<CloneDir>> CloneDir::make(const fs::path& parent) {
  auto name = (parent / (std::string(kUnfinished) + "XXXXXX")).string();
  if (!::mkdtemp(name.data())) return failed("cannot make", name);
  const fs::path made(name);
  auto lock = try_lock(made / kLockFile, O_CREAT);
  if (!lock) return failed("cannot lock", made);
  // Only now under the name that others look for: from here on it is locked or left over, nothing between.
  const auto final_path = parent / (std::string(kPrefix) + name.substr(name.size() - 6));
  if (::rename(made.c_str(), final_path.c_str()) != 0) return failed("cannot rename", made);
  return std::unique_ptr<CloneDir>(new CloneDir(final_path, std::move(lock)));
}

CloneDir::~CloneDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path temp_directory() {
  const char* set = std::getenv("TMPDIR");
  return set && *set ? fs::path(set) : fs::path("/tmp");
}

std::size_t remove_stale_clones(const fs::path& parent) {
  std::size_t removed = 0;
  std::error_code ignored;
  for (fs::directory_iterator at(parent, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const auto name = at->path().filename().string();
    if (!name.starts_with(kPrefix) || name.starts_with(kUnfinished) || !at->is_directory(ignored)) continue;
    const auto lock = try_lock(at->path() / kLockFile, 0);
    if (!lock) continue;
    fs::remove_all(at->path(), ignored);
    ++removed;
  }
  return removed;
}

}  // namespace flux::git
