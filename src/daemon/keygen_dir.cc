#include "daemon/keygen_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace flux::daemon {
namespace {

namespace fs = std::filesystem;

// As Flux v1 calls them: the dots keep them out of what Kubernetes' volumes show.
constexpr std::string_view kPrefix = "..weave-keygen";
constexpr std::string_view kLockFile = "fluxd.lock";

/// The locked file. Nothing when somebody holds it, or when there is none and it may not be made.
Descriptor try_lock(const fs::path& file, int flags) {
  Descriptor opened(::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  if (opened && ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) opened.reset();
  return opened;
}

}  // namespace

Result<KeygenDir> KeygenDir::make(const fs::path& parent) {
  auto name = (parent / (std::string(kPrefix) + "XXXXXX")).string();
  auto lock = ::mkdtemp(name.data()) ? try_lock(fs::path(name) / kLockFile, O_CREAT) : Descriptor();
  if (lock) return KeygenDir(name, std::move(lock));
  const int error = errno;
  ::rmdir(name.c_str());
  return fail(
      ErrorKind::server,
      fmt::format("cannot make a directory for the new deploy key in {}: {}", parent.string(), std::strerror(error)),
      "Name a writable directory with --ssh-keygen-dir, best on a volume in memory: the secret's own volume "
      "is read-only.");
}

KeygenDir::~KeygenDir() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

fs::path KeygenDir::behind(const fs::path& link) {
  std::error_code none;
  const auto target = fs::read_symlink(link, none);
  const auto dir = target.parent_path();
  return !none && dir.filename().string().starts_with(kPrefix) ? dir : fs::path();
}

void KeygenDir::sweep(const fs::path& parent, const fs::path& link) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(parent, ignored), end; !ignored && at != end; at.increment(ignored))
    if (at->path().filename().string().starts_with(kPrefix)) found.push_back(at->path());
  const auto in_use = behind(link).filename();
  for (const auto& dir : found) {
    if (dir.filename() == in_use) continue;
    if (const auto lock = try_lock(dir / kLockFile, 0)) fs::remove_all(dir, ignored);
  }
}

}  // namespace flux::daemon
