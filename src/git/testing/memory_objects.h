#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/object.h"
#include "git/tree_object.h"

namespace flux::git::testing {

/// A file to put into a commit.
struct File {
  // NOLINTBEGIN(google-explicit-constructor): so that a tree is written {{"a.yaml", "text"}}
  File(const char* contents = "") : text(contents) {}
  File(std::string contents, std::uint32_t git_mode = 0100644) : text(std::move(contents)), mode(git_mode) {}
  // NOLINTEND(google-explicit-constructor)

  std::string text;
  std::uint32_t mode = 0100644;  ///< as TreeEntry has it
};

/// By path from the root, `/` between parts.
using Files = std::map<std::string, File>;

/// git's object database in memory: the same bytes under the same ids. A value, one thread.
class MemoryObjects {
 public:
  /// Returns the object's id.
  std::string add(std::string_view type, std::string bytes);
  /// With all directories and blobs in it.
  std::string add_tree(const Files& files);
  void remove(const std::string& id) { objects_.erase(id); }

  [[nodiscard]] const Object* find(const std::string& id) const;
  /// The one object whose id begins so; nullptr when there is none or more than one.
  [[nodiscard]] const Object* find_abbreviated(std::string_view prefix) const;
  /// Follows tags to what they lead to, and for `tree` a commit to its files. nullptr when that leads nowhere.
  [[nodiscard]] const Object* peel(const Object* object, std::string_view type) const;
  [[nodiscard]] std::vector<TreeItem> items(const std::string& tree) const;
  /// Mode and blob of each file, by path.
  [[nodiscard]] std::map<std::string, TreeItem> files(const std::string& tree) const;
  [[nodiscard]] const std::map<std::string, Object>& all() const { return objects_; }

  /// The values of a header of a commit or a tag, such as `parent`.
  [[nodiscard]] static std::vector<std::string> headers(const Object& object, std::string_view name);

 private:
  std::map<std::string, Object> objects_;
};

}  // namespace flux::git::testing
