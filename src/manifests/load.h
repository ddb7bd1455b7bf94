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
#include "manifests/select.h"
#include "model/manifest.h"

namespace flux::manifests {

using ManifestPtr = std::shared_ptr<const Manifest>;

/// What one file says: its manifests, or what is wrong with it.
struct FileContent {
  std::vector<ManifestPtr> manifests;
  std::vector<std::string> problems;
  std::string
      origin{};  ///< the blob that was read, and the real path of what links lead to: equal ones, equal contents
};

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

/// Reads one file's stream of documents (compat/manifests-and-releases.md 1.4, 1.5). `path` goes into Source and
/// messages; `real_path` is the file that was read, where `path` leads there through symbolic links, and may be empty
/// where they are the same.
///
/// - Null documents and mappings without `kind` are left out; a scalar or a sequence is a problem.
/// - `kind: List`, and any other kind ending in `List` that has `items`, stands for its items, to any depth. The list's
/// own
///   metadata is ignored; null and kindless items are left out.
/// - `apiVersion`, `kind`, `metadata.name`, `metadata.namespace` and annotations take any scalar as its re-encoded text
///   (`yes` is `true`, `1.10` is `1.1`, null is empty). A collection there is a problem, and so is a `metadata` that is
///   neither a mapping nor null.
/// - A resource without `metadata.name` is loaded, under an empty name: it collides with a second one of its kind, as
///   in Flux, and whether its kind exists at all (`Kustomization` files) is found out by resolve().
/// - Files with sops metadata are loaded as they are: decrypting them is another's business.
///
/// A problem in one document keeps the others from being trusted, but each further one is still found, up to the first
/// syntax error.
[[nodiscard]] FileContent parse_file(const std::string& path, std::string_view text, const std::string& real_path = {});

/// Loads the manifests of revisions, one after the other, and parses only what changed in between: results are
/// remembered by path, blob and what links make of the path. Forgets what the last load did not use. One thread at a
/// time.
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
};

}  // namespace flux::manifests
