#include "git/testing/memory_history.h"

#include <algorithm>

namespace flux::git::testing {
namespace {

/// A commit as the walk sees it.
struct Step {
  std::vector<std::string> parents;  ///< those to follow
  bool shown = true;
};

std::vector<std::string> parents_of(const MemoryObjects& objects, const std::string& commit) {
  const auto* object = objects.find(commit);
  return object ? MemoryObjects::headers(*object, "parent") : std::vector<std::string>();
}

class Walk {
 public:
  Walk(const MemoryObjects& objects, const CommitQuery& query)
      : objects_(objects), query_(query), excluded_(with_ancestors(objects, query.from)) {}

  std::vector<Commit> run() {
    if (query_.alone) return {commit(query_.to)};
    std::vector<Commit> out;
    if (excluded_.contains(query_.to)) return out;
    const auto steps = collect();
    std::map<std::string, int> children;
    for (const auto& [id, step] : steps)
      for (const auto& parent : step.parents) ++children[parent];
    // A stack, as git has it: the line of the last parent comes first.
    std::vector<std::string> ready{query_.to};
    while (!ready.empty()) {
      const auto id = ready.back();
      ready.pop_back();
      const auto& step = steps.at(id);
      if (step.shown) out.push_back(commit(id));
      for (const auto& parent : step.parents)
        if (--children.at(parent) == 0) ready.push_back(parent);
    }
    return out;
  }

 private:
  std::map<std::string, Step> collect() {
    std::map<std::string, Step> steps;
    std::vector<std::string> open{query_.to};
    while (!open.empty()) {
      const auto id = open.back();
      open.pop_back();
      if (steps.contains(id)) continue;
      auto step = simplify(id);
      std::erase_if(step.parents, [this](const auto& parent) { return excluded_.contains(parent); });
      open.insert(open.end(), step.parents.begin(), step.parents.end());
      steps.emplace(id, std::move(step));
    }
    return steps;
  }

  /// A merge that has the files of one of its parents says nothing new: only that parent is followed.
  Step simplify(const std::string& id) const {
    Step step{parents_of(objects_, id)};
    if (query_.first_parent && step.parents.size() > 1) step.parents.resize(1);
    if (query_.paths.empty()) return step;
    const auto ours = chosen_files(id);
    if (step.parents.empty()) return {{}, !ours.empty()};
    bool inside = false;
    bool changed_inside = false;
    bool changed_outside = false;
    for (const auto& parent : step.parents) {
      const bool relevant = parent == query_.from || !excluded_.contains(parent);
      const bool same = chosen_files(parent) == ours;
      if (same && relevant) return {{parent}, false};
      inside = inside || relevant;
      if (!same) (relevant ? changed_inside : changed_outside) = true;
    }
    step.shown = inside ? changed_inside : changed_outside;
    return step;
  }

  /// Path, mode and blob of the files below the query's paths.
  [[nodiscard]] std::set<std::string> chosen_files(const std::string& commit) const {
    std::set<std::string> chosen;
    const auto* tree = objects_.peel(objects_.find(commit), "tree");
    if (!tree) return chosen;
    for (const auto& [path, item] : objects_.files(tree->id)) {
      const auto below = [&path = path](const std::string& prefix) {
        return path == prefix || path.starts_with(prefix.ends_with('/') ? prefix : prefix + "/");
      };
      if (std::ranges::any_of(query_.paths, below)) chosen.insert(path + " " + std::to_string(item.mode) + item.id);
    }
    return chosen;
  }

  [[nodiscard]] Commit commit(const std::string& id) const {
    Commit out;
    out.revision = id;
    out.parents = parents_of(objects_, id);
    const auto& bytes = objects_.find(id)->bytes;
    const auto message = bytes.substr(bytes.find("\n\n") + 2);
    out.message = message.substr(0, message.find('\n'));
    return out;
  }

  const MemoryObjects& objects_;
  const CommitQuery& query_;
  const std::set<std::string> excluded_;
};

}  // namespace

std::set<std::string> with_ancestors(const MemoryObjects& objects, const std::string& start) {
  std::set<std::string> found;
  std::vector<std::string> open;
  if (!start.empty()) open.push_back(start);
  while (!open.empty()) {
    const auto id = open.back();
    open.pop_back();
    if (!found.insert(id).second) continue;
    for (auto& parent : parents_of(objects, id)) open.push_back(std::move(parent));
  }
  return found;
}

std::vector<Commit> walk_history(const MemoryObjects& objects, const CommitQuery& query) {
  return Walk(objects, query).run();
}

}  // namespace flux::git::testing
