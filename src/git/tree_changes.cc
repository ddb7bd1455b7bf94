#include "git/tree_changes.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "git/tree_object.h"

namespace flux::git {
namespace {

using Items = std::map<std::string, TreeItem>;

/// A directory as each of the two commits has it; an empty id where it has none.
struct Pair {
  std::string prefix;
  std::string from;
  std::string to;
};

Result<Items> items_of(const std::optional<Object>& object) {
  if (!object || object->type != "tree") return fail(ErrorKind::server, "a directory cannot be read");
  auto list = parse_tree(object->bytes, object->id.size() / 2);
  if (!list) return Failure(list.error());
  Items items;
  for (auto& item : *list)
    if (!item.is_submodule()) items.emplace(item.name, std::move(item));
  return items;
}

class Walk {
 public:
  Walk(const Bounded& ctx, const Repository& repository) : ctx_(ctx), repository_(repository) {}

  /// One level of directories at a time, as list_tree().
  Result<std::vector<TreeChange>> from(Pair root) {
    std::vector<Pair> level;
    if (root.from != root.to) level.push_back(std::move(root));
    while (!level.empty()) {
      below_.clear();
      if (auto ok = read(level); !ok) return Failure(ok.error());
      level = std::move(below_);
    }
    return std::move(changes_);
  }

 private:
  Result<void> read(const std::vector<Pair>& level) {
    std::vector<std::string> ids;
    for (const auto& pair : level)
      for (const auto& id : {pair.from, pair.to})
        if (!id.empty()) ids.push_back(id);
    const auto objects = repository_.read_objects(ctx_, ids);
    if (!objects) return Failure(objects.error());
    auto next = objects->begin();
    for (const auto& pair : level) {
      Items was;
      Items is;
      for (auto* side : {&was, &is}) {
        if ((side == &was ? pair.from : pair.to).empty()) continue;
        auto items = items_of(*next++);
        if (!items) return Failure(items.error());
        *side = std::move(*items);
      }
      compare(pair.prefix, was, is);
    }
    return {};
  }

  void compare(const std::string& prefix, const Items& was, const Items& is) {
    for (const auto& [name, item] : was) {
      const auto found = is.find(name);
      add(prefix + name, &item, found == is.end() ? nullptr : &found->second);
    }
    for (const auto& [name, item] : is)
      if (!was.contains(name)) add(prefix + name, nullptr, &item);
  }

  void add(const std::string& path, const TreeItem* was, const TreeItem* is) {
    if (was && is && was->id == is->id && was->mode == is->mode) return;
    const auto* old_directory = was && was->is_directory() ? was : nullptr;
    const auto* new_directory = is && is->is_directory() ? is : nullptr;
    if (old_directory || new_directory)
      below_.push_back({path + "/", old_directory ? old_directory->id : "", new_directory ? new_directory->id : ""});
    const auto* old_file = was == old_directory ? nullptr : was;
    const auto* new_file = is == new_directory ? nullptr : is;
    if (!old_file && !new_file) return;
    const auto is_link = [](const TreeItem* item) { return item && item->mode == 0120000; };
    changes_.push_back(
        {path, !new_file, is_link(old_file) || is_link(new_file), new_file ? new_file->id : std::string()});
  }

  const Bounded& ctx_;
  const Repository& repository_;
  std::vector<Pair> below_;
  std::vector<TreeChange> changes_;
};

}  // namespace

Result<std::vector<TreeChange>> list_changes(const Bounded& ctx, const Repository& repository, const std::string& from,
                                             const std::string& to) {
  const auto roots = repository.resolve(ctx, {from + "^{tree}", to + "^{tree}"});
  if (!roots) return Failure(roots.error());
  for (std::size_t i = 0; i < roots->size(); ++i)
    if (!(*roots)[i]) return fail(ErrorKind::missing, fmt::format("unknown revision '{}'", i == 0 ? from : to));
  return Walk(ctx, repository).from({"", *(*roots)[0], *(*roots)[1]});
}

}  // namespace flux::git
