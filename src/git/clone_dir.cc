#include "git/clone_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <vector>

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

/// Everything in the directory and the directory itself, the lock last: what a git that has outlived its fluxd puts
/// there meanwhile is not to be left without the sign of whose it is.
bool remove_left_over(const fs::path& dir) {
  std::error_code ignored;
  std::vector<fs::path> inside;
  for (fs::directory_iterator at(dir, ignored), end; !ignored && at != end; at.increment(ignored))
    if (at->path().filename() != kLockFile) inside.push_back(at->path());
  for (const auto& path : inside) fs::remove_all(path, ignored);
  const auto entries = std::distance(fs::directory_iterator(dir, ignored), fs::directory_iterator());
  if (ignored || entries > 1) return false;
  fs::remove(dir / kLockFile, ignored);
  return fs::remove(dir, ignored);
}

/// One that has been unfinished for so long never will be.
bool is_old(const fs::path& dir) {
  std::error_code unknown;
  const auto changed = fs::last_write_time(dir, unknown);
  return !unknown && fs::file_time_type::clock::now() - changed > std::chrono::hours(1);
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
    std::error_code unknown;
    if (!name.starts_with(kPrefix) || !at->is_directory(unknown)) continue;
    const bool unfinished = name.starts_with(kUnfinished);
    if (unfinished && !is_old(at->path())) continue;
    const auto lock = try_lock(at->path() / kLockFile, 0);
    if (!lock) {
      // Not even locked when its fluxd was killed; an empty directory is all that this removes.
      if (unfinished && ::rmdir(at->path().c_str()) == 0) ++removed;
      continue;
    }
    if (remove_left_over(at->path())) ++removed;
  }
  return removed;
}

}  // namespace flux::git
