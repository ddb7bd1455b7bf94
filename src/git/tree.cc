#include "git/tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "git/tree_object.h"

namespace flux::git {
namespace {

struct Directory {
  std::string prefix;  ///< path with a `/` behind it; empty for the root
  std::string id;
};

Failure damaged_object(std::string_view what, std::string_view id) {
  return fail(ErrorKind::server, fmt::format("{} {} is missing from the git mirror", what, id),
              "The local copy of the repository is damaged_object. It is cloned again when that is noticed; restart "
              "fluxd if not.");
}

/// Files go to `files`, directories to `below`.
Result<void> sort_items(const Directory& directory, const Object& object, std::vector<TreeEntry>& files,
                        std::vector<Directory>& below) {
  auto items = parse_tree(object.bytes, object.id.size() / 2);
  if (!items) return Failure(wrap(items.error(), fmt::format("reading directory '{}'", directory.prefix)));
  for (auto& item : *items) {
    if (item.is_submodule()) continue;
    auto path = directory.prefix + item.name;
    if (item.is_directory())
      below.push_back({std::move(path) + "/", std::move(item.id)});
    else
      files.push_back({std::move(path), item.mode, std::move(item.id)});
  }
  return {};
}

/// One level of directories at a time, so that the depth of the tree alone decides how often we wait for git.
Result<std::vector<Directory>> read_level(const Bounded& ctx, const Repository& repository,
                                          const std::vector<Directory>& level, std::vector<TreeEntry>& files) {
  std::vector<std::string> ids;
  ids.reserve(level.size());
  for (const auto& directory : level) ids.push_back(directory.id);
  auto objects = repository.read_objects(ctx, ids);
  if (!objects) return Failure(objects.error());
  std::vector<Directory> below;
  for (std::size_t i = 0; i < level.size(); ++i) {
    const auto& object = (*objects)[i];
    if (!object || object->type != "tree") return damaged_object("tree", level[i].id);
    if (auto ok = sort_items(level[i], *object, files, below); !ok) return Failure(ok.error());
  }
  return below;
}

}  // namespace

Result<std::vector<TreeEntry>> list_tree(const Bounded& ctx, const Repository& repository,
                                         const std::string& revision) {
  auto root = repository.resolve(ctx, {revision + "^{tree}"});
  if (!root) return Failure(root.error());
  if (!root->front()) return fail(ErrorKind::missing, fmt::format("unknown revision '{}'", revision));
  std::vector<TreeEntry> files;
  std::vector<Directory> level{{"", *root->front()}};
  while (!level.empty()) {
    auto below = read_level(ctx, repository, level, files);
    if (!below) return Failure(below.error());
    level = std::move(*below);
  }
  std::ranges::sort(files, {}, &TreeEntry::path);
  return files;
}

Result<std::vector<std::string>> read_blobs(const Bounded& ctx, const Repository& repository,
                                            const std::vector<std::string>& ids) {
  auto objects = repository.read_objects(ctx, ids);
  if (!objects) return Failure(objects.error());
  std::vector<std::string> blobs;
  blobs.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto& object = (*objects)[i];
    if (!object || object->type != "blob") return damaged_object("blob", ids[i]);
    blobs.push_back(std::move(object->bytes));
  }
  return blobs;
}

}  // namespace flux::git
