#include "manifests/tree.h"

#include <algorithm>

namespace flux::manifests {
namespace {

/// As many as Linux follows.
constexpr int kMaxLinks = 40;

Failure outside() {
  return fail(ErrorKind::user, "the symbolic link leaves the repository",
              "Let the link point to a file of the repository, by a relative path.");
}

}  // namespace

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string join(std::string_view directory, std::string_view rest) {
  std::string out(directory);
  if (!out.empty() && !rest.empty()) out += '/';
  return out.append(rest);
}

const FileEntry* Tree::file(std::string_view path) const {
  const auto found = std::ranges::lower_bound(entries_, path, {}, &FileEntry::path);
  return found != entries_.end() && found->path == path ? &*found : nullptr;
}

std::span<const FileEntry> Tree::below(std::string_view directory) const {
  if (directory.empty()) return entries_;
  // '0' is the character after '/'.
  const auto first = std::ranges::lower_bound(entries_, std::string(directory) + '/', {}, &FileEntry::path);
  const auto last = std::ranges::lower_bound(entries_, std::string(directory) + '0', {}, &FileEntry::path);
  return {first, last};
}

Result<std::string> Tree::resolve(std::string_view path) const {
  std::string done;
  std::string left(path);
  int followed = 0;
  while (!left.empty()) {
    const auto part = left.substr(0, left.find('/'));
    left.erase(0, part.size() + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (done.empty()) return outside();
      done = std::string(parent_of(done));
      continue;
    }
    const auto next = join(done, part);
    const auto* entry = file(next);
    if (!entry && below(next).empty())
      return fail(ErrorKind::user,
                  followed > 0 ? "the symbolic link dangles: no such file or directory" : "no such file or directory");
    if (entry && !entry->symlink && !left.empty()) return fail(ErrorKind::user, "not a directory");
    if (!entry || !entry->symlink) {
      done = next;
      continue;
    }
    if (++followed > kMaxLinks) return fail(ErrorKind::user, "too many levels of symbolic links");
    const auto target = links_.find(next);
    if (target == links_.end()) return fail(ErrorKind::server, "the symbolic link could not be read");
    if (target->second.starts_with('/')) return outside();
    left = join(target->second, left);
  }
  return done;
}

}  // namespace flux::manifests
