#include "manifests/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "manifests/tree.h"

namespace flux::manifests {
namespace {

bool is_in_git_directory(std::string_view path) {
  return path == ".git" || path.starts_with(".git/") || path.find("/.git/") != std::string_view::npos ||
         path.ends_with("/.git");
}

using Charts = std::set<std::string, std::less<>>;

/// In a chart or in `.git`.
bool is_hidden(std::string_view path, const Charts& charts) {
  if (is_in_git_directory(path)) return true;
  if (charts.empty()) return false;
  for (auto directory = parent_of(path); !directory.empty(); directory = parent_of(directory))
    if (charts.contains(directory)) return true;
  return charts.contains(std::string_view());
}

Result<std::vector<std::string>> cleaned(std::span<const std::string> paths) {
  if (paths.empty()) return std::vector<std::string>{""};
  std::vector<std::string> roots;
  for (const auto& path : paths) {
    auto root = clean_path(path);
    if (!root) return Failure(root.error());
    roots.push_back(std::move(*root));
  }
  return roots;
}

/// Directories that hold both of a chart's files, links included, since links are followed when a chart is looked for.
Charts charts_of(std::span<const FileEntry> tree) {
  Charts with_chart;
  Charts charts;
  for (const auto& entry : tree)
    if (base_of(entry.path) == "Chart.yaml") with_chart.insert(std::string(parent_of(entry.path)));
  for (const auto& entry : tree)
    if (base_of(entry.path) == "values.yaml" && with_chart.contains(parent_of(entry.path)))
      charts.insert(std::string(parent_of(entry.path)));
  return charts;
}

class Selection {
 public:
  Selection(std::span<const FileEntry> entries, const LinkTargets& links)
      : tree_(entries, links), charts_(charts_of(entries)) {}

  Result<void> add(const std::string& path) {
    auto found = tree_.resolve(path);
    if (!found) return unreadable(path, found.error());
    if (const auto* file = tree_.file(*found)) {
      if (is_manifest_name(path) && !is_hidden(path)) take(path, *file);
      return {};
    }
    return add_directory(path, *found);
  }

  std::vector<SelectedFile> take() { return std::move(files_); }

 private:
  static Result<void> unreadable(const std::string& path, const Error& why) {
    return fail(ErrorKind::user, fmt::format(R"(unable to read root path "{}": {})", path, why.message),
                why.help.empty() ? "Correct --git-path, or add the path to the repository." : why.help);
  }

  /// `shown` is the directory as the user named it, `real` where links lead.
  Result<void> add_directory(const std::string& shown, const std::string& real) {
    for (const auto& entry : tree_.below(real)) {
      const auto rest = std::string_view(entry.path).substr(real.empty() ? 0 : real.size() + 1);
      const auto path = join(shown, rest);
      if (!is_manifest_name(path) || is_hidden(path) || is_hidden(entry.path)) continue;
      if (!entry.symlink) {
        take(path, entry);
      } else if (auto ok = add_link(path, entry.path); !ok) {
        return ok;
      }
    }
    return {};
  }

  Result<void> add_link(const std::string& path, const std::string& link) {
    const auto target = tree_.resolve(link);
    const auto* file = target ? tree_.file(*target) : nullptr;
    if (file) {
      take(path, *file);
      return {};
    }
    const auto why = target ? Error{ErrorKind::user, "is a directory", "Give the link a name without .yaml or .yml."}
                            : target.error();
    return fail(ErrorKind::user, fmt::format(R"(unable to read file at "{}": {})", path, why.message), why.help);
  }

  /// Once, however many paths it is below.
  void take(const std::string& path, const FileEntry& content) {
    if (taken_.insert(path).second) files_.push_back({path, content});
  }

  [[nodiscard]] bool is_hidden(std::string_view path) const { return flux::manifests::is_hidden(path, charts_); }

  Tree tree_;
  Charts charts_;
  std::vector<SelectedFile> files_;
  std::unordered_set<std::string> taken_;
};

}  // namespace

bool is_manifest_name(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

Result<std::string> clean_path(std::string_view path) {
  if (path.starts_with('/'))
    return fail(ErrorKind::user, "subdirectory given as --git-path should not have leading forward slash",
                "Give the path relative to the root of the repository.");
  std::string out;
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part == "..")
      return fail(ErrorKind::user, "a path given as --git-path must not contain ..",
                  "Give the path relative to the root of the repository, without leaving it.");
    if (!part.empty() && part != ".") out = join(out, part);
  }
  return out;
}

bool is_below(std::string_view path, std::string_view directory) {
  if (directory.empty()) return true;
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

Selector::Choice Selector::choose(std::string_view path) const {
  if (base_of(path) == "Chart.yaml" || base_of(path) == "values.yaml") return Choice::unclear;
  if (!is_manifest_name(path) || is_hidden(path, charts)) return Choice::left;
  const bool below = std::ranges::any_of(roots, [&](const auto& root) { return is_below(path, root); });
  return below ? Choice::taken : Choice::left;
}

Result<Selector> make_selector(std::span<const FileEntry> tree, std::span<const std::string> paths) {
  auto roots = cleaned(paths);
  if (!roots) return Failure(roots.error());
  return Selector{std::move(*roots), charts_of(tree)};
}

std::vector<std::string> overlaps_of(std::span<const std::string> paths) {
  const auto roots = cleaned(paths).value_or(std::vector<std::string>());
  std::vector<std::string> overlaps;
  for (std::size_t i = 0; i < roots.size(); ++i)
    for (std::size_t j = 0; j < roots.size(); ++j)
      if (i != j && is_below(roots[i], roots[j]) && (roots[i] != roots[j] || i > j)) {
        overlaps.push_back(paths[i]);
        break;
      }
  return overlaps;
}

std::vector<FileEntry> links_of(std::span<const FileEntry> tree) {
  std::vector<FileEntry> links;
  std::ranges::copy_if(tree, std::back_inserter(links), &FileEntry::symlink);
  return links;
}

Result<LinkTargets> read_links(const Bounded& ctx, FileSource& source, std::span<const FileEntry> tree) {
  LinkTargets targets;
  const auto links = links_of(tree);
  if (links.empty()) return targets;
  for (std::size_t at = 0; at < links.size();) {
    auto contents = source.read(ctx, std::span(links).subspan(at));
    if (!contents) return Failure(std::move(contents.error()));
    for (auto& content : *contents) targets.emplace(links[at++].path, std::move(content));
  }
  return targets;
}

Result<std::vector<SelectedFile>> select(std::span<const FileEntry> tree, const LinkTargets& links,
                                         std::span<const std::string> paths) {
  Selection selection(tree, links);
  const auto roots = cleaned(paths);
  if (!roots) return Failure(roots.error());
  for (const auto& root : *roots)
    if (auto ok = selection.add(root); !ok) return Failure(std::move(ok.error()));
  return selection.take();
}

}  // namespace flux::manifests
