#include "manifests/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "manifests/tree.h"

namespace flux::manifests {
namespace {

bool is_in_git_directory(std::string_view path) {
  return path == ".git" || path.starts_with(".git/") || path.find("/.git/") != std::string_view::npos ||
         path.ends_with("/.git");
}

/// Directories that hold both of a chart's files, links included, since links are followed when a chart is looked for.
std::set<std::string, std::less<>> charts_of(std::span<const FileEntry> tree) {
  std::set<std::string, std::less<>> with_chart;
  std::set<std::string, std::less<>> charts;
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
      if (is_manifest_name(path) && !is_hidden(path)) files_.push_back({path, *file});
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
        files_.push_back({path, entry});
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
      files_.push_back({path, *file});
      return {};
    }
    const auto why = target ? Error{ErrorKind::user, "is a directory", "Give the link a name without .yaml or .yml."}
                            : target.error();
    return fail(ErrorKind::user, fmt::format(R"(unable to read file at "{}": {})", path, why.message), why.help);
  }

  /// In a chart or in `.git`.
  [[nodiscard]] bool is_hidden(std::string_view path) const {
    if (is_in_git_directory(path)) return true;
    if (charts_.empty()) return false;
    for (auto directory = parent_of(path); !directory.empty(); directory = parent_of(directory))
      if (charts_.contains(directory)) return true;
    return charts_.contains(std::string_view());
  }

  Tree tree_;
  std::set<std::string, std::less<>> charts_;
  std::vector<SelectedFile> files_;
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

std::vector<FileEntry> links_of(std::span<const FileEntry> tree) {
  std::vector<FileEntry> links;
  std::ranges::copy_if(tree, std::back_inserter(links), &FileEntry::symlink);
  return links;
}

Result<std::vector<SelectedFile>> select(std::span<const FileEntry> tree, const LinkTargets& links,
                                         std::span<const std::string> paths) {
  Selection selection(tree, links);
  std::vector<std::string> roots(paths.begin(), paths.end());
  if (roots.empty()) roots.emplace_back();
  for (const auto& path : roots) {
    const auto cleaned = clean_path(path);
    if (!cleaned) return Failure(cleaned.error());
    if (auto ok = selection.add(*cleaned); !ok) return Failure(std::move(ok.error()));
  }
  return selection.take();
}

}  // namespace flux::manifests
