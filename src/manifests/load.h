#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/shared_map.h"
#include "manifests/files.h"
#include "manifests/parse_file.h"
#include "manifests/select.h"
#include "model/manifest.h"

namespace flux::manifests {

/// What a repository says at one revision: the content of each selected file, none with problems, by the path that it
/// was selected under. Files::compare() tells in which files two revisions differ.
using Files = SharedMap<std::string, std::shared_ptr<const FileContent>>;

/// The manifests in order of files and documents.
[[nodiscard]] std::vector<ManifestPtr> manifests_of(const Files& files);

/// A file that the next revision does not have as the last one.
struct FileChange {
  std::string path;
  std::string blob;      ///< of the new content; empty when removed
  bool symlink = false;  ///< before or after
};

/// Loads the manifests of revisions, one after the other, and parses only what changed in between: results are
/// remembered by path, blob and what links make of the path. Forgets what the last load did not use. Logs the remarks
/// on what it parsed. One thread at a time.
class Loader {
 public:
  /// All manifests under `paths` (select()). All or nothing: the error names every broken file, not only the first, one
  /// problem a line after the first line's text (`scanning multidoc from "<path>": ...`, `parsing YAML doc from
  /// "<path>": ...`, `duplicate definition of '<id>' (in <a> and <b>)`), at most 20.
  ///
  /// Errors: ErrorKind::user for what is written in the repository; those of `source` as they are.
  Result<Files> load(const Bounded& context, FileSource& source, std::span<const std::string> paths);

  /// The same for a revision that differs from the last one that was loaded by `changes`, in a time that depends on
  /// them alone. Nothing when they do not tell enough, or something may be wrong: then load() has the answer.
  Result<std::optional<Files>> follow(const Bounded& context, FileSource& source, std::span<const FileChange> changes);

  /// Files parsed by the last call, for metrics and tests.
  [[nodiscard]] std::size_t parsed() const { return parsed_; }

 private:
  Result<void> parse(const Bounded& context, FileSource& source, std::span<const SelectedFile> files, Files& contents);
  [[nodiscard]] bool roots_are_there(const Files& files) const;

  Files known_;  // all that was read last, with its problems
  // For follow(): nothing unless known_ is the last revision, without problems and links.
  std::optional<Selector> selector_;
  std::size_t parsed_ = 0;
  bool told_of_overlaps_ = false;
};

}  // namespace flux::manifests
