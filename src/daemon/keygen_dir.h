#pragma once

#include <filesystem>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace flux::daemon {

/// A directory `..weave-keygen*` for one generation of the deploy key, removed at its end unless it is kept. It is
/// locked for as long as this lives, and the lock goes with the process however it ends, so others can tell what is
/// left over.
class KeygenDir {
 public:
  /// Under `parent`, private to our user.
  static Result<KeygenDir> make(const std::filesystem::path& parent);
  KeygenDir(KeygenDir&& other) noexcept : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  KeygenDir& operator=(KeygenDir&&) = delete;
  ~KeygenDir();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void keep() { path_.clear(); }

  /// The keygen directory that a link leads into; empty for any other place.
  [[nodiscard]] static std::filesystem::path behind(const std::filesystem::path& link);
  /// Removes what was left under `parent` by a fluxd that was killed. Not the directory that `link` leads into, nor
  /// what nobody ever locked: Flux v1 calls its own the same.
  static void sweep(const std::filesystem::path& parent, const std::filesystem::path& link);

 private:
  KeygenDir(std::filesystem::path path, Descriptor lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::filesystem::path path_;
  Descriptor lock_;
};

}  // namespace flux::daemon
