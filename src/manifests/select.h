#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "manifests/files.h"

namespace flux::manifests {

/// Link's path to the path that it names, as written.
using LinkTargets = std::map<std::string, std::string>;

/// A value of `--git-path` in canonical form: no `.` parts, no doubled or closing slash; the root is empty.
/// Refuses a leading `/` and any `..` (ErrorKind::user).
[[nodiscard]] Result<std::string> clean_path(std::string_view path);

/// The links whose targets select() may need: all of the revision's.
[[nodiscard]] std::vector<FileEntry> links_of(std::span<const FileEntry> tree);

/// What all of them name.
[[nodiscard]] Result<LinkTargets> read_links(const Bounded& ctx, FileSource& source, std::span<const FileEntry> tree);

/// A file to load. `path` is the name it goes by in messages and in ids of sources, `content` the entry to read:
/// another one only where `path` is, or leads through, a symbolic link.
struct SelectedFile {
  std::string path;
  FileEntry content;
  friend bool operator==(const SelectedFile&, const SelectedFile&) = default;
};

/// Whether a file could be one of those that select() chooses, by its name alone.
[[nodiscard]] bool is_manifest_name(std::string_view path);

/// Chooses files by their names alone, as select() does in a tree without links and with these charts. For following a
/// tree from one revision to the next.
struct Selector {
  std::vector<std::string> roots;             ///< values of `--git-path`, cleaned; the root of the repository is empty
  std::set<std::string, std::less<>> charts;  ///< directories that hold a chart

  enum class Choice { taken, left, unclear };
  /// `unclear`: a change of this file may change what is chosen of others.
  [[nodiscard]] Choice choose(std::string_view path) const;
};
[[nodiscard]] Result<Selector> make_selector(std::span<const FileEntry> tree, std::span<const std::string> paths);
/// Those of the `paths`, as given, that lie within another one or repeat an earlier one: they choose nothing more.
[[nodiscard]] std::vector<std::string> overlaps_of(std::span<const std::string> paths);
[[nodiscard]] bool is_below(std::string_view path, std::string_view directory);

/// Which files of a revision are manifests (compat/manifests-and-releases.md 1.1 to 1.3): those under the `paths`
/// (values of `--git-path`; none, or an empty one, is the root) that end in exactly `.yaml` or `.yml`, outside charts
/// and `.git`.
///
/// - A directory with both `Chart.yaml` and `values.yaml` is a chart, wherever in the tree; nothing below one is
/// selected,
///   not even by a path that points into it.
/// - A path may be or lead through a symbolic link to a directory. Below it, links to directories are not entered,
/// unless
///   their name ends in `.yaml` or `.yml`, which is an error; links to files are read.
/// - A path that is given twice, or lies within another, selects its files once (overlaps_of()).
///
/// In order of `paths`, then of path. `tree` is sorted by path. Errors (ErrorKind::user): a path that clean_path()
/// refuses or that is not there; a link that is needed and dangles, turns in a circle or leaves the repository.
[[nodiscard]] Result<std::vector<SelectedFile>> select(std::span<const FileEntry> tree, const LinkTargets& links,
                                                       std::span<const std::string> paths);

}  // namespace flux::manifests
