#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "manifests/files.h"
#include "manifests/select.h"
#include "model/manifest.h"

namespace flux::manifests {

using ManifestPtr = std::shared_ptr<const Manifest>;

using Manifests = std::vector<ManifestPtr>;

/// What one file says: its manifests, or what is wrong with it.
struct FileContent {
  std::vector<ManifestPtr> manifests;
  std::vector<std::string> problems;
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
/// remembered by blob, path and what links make of the path. Forgets what the last load did not use. One thread at a
/// time.
class Loader {
 public:
  /// All manifests under `paths` (select()), in order of files and documents. All or nothing: the error names every
  /// broken file, not only the first, one problem a line after the first line's text (`scanning multidoc from "<path>":
  /// ...`, `parsing YAML doc from "<path>": ...`, `duplicate definition of '<id>' (in <a> and <b>)`), at most 20.
  ///
  /// Errors: ErrorKind::user for what is written in the repository; those of `source` as they are.
  ///
  /// While a revision selects the same files with the same content, the very same list is handed out again.
  Result<std::shared_ptr<const Manifests>> load(const Context& context, FileSource& source,
                                                std::span<const std::string> paths);

  /// Whether the revision of the last load() that succeeded has symbolic links: then any file may stand for a manifest.
  [[nodiscard]] bool saw_links() const { return saw_links_; }

  /// Files parsed by the last load(), for metrics and tests.
  [[nodiscard]] std::size_t parsed() const { return parsed_; }

 private:
  struct Key {
    explicit Key(const SelectedFile& file);
    std::string blob;
    std::string path;
    std::string real_path;  // empty for most files: the same as path
  };
  /// Lets a selected file be looked up without copying its names.
  struct SameFile {
    using is_transparent = void;
    using Names = std::array<std::string_view, 3>;
    static Names of(const Key& key) { return {key.blob, key.path, key.real_path}; }
    static Names of(const SelectedFile& file) {
      return {file.content.blob, file.path, file.content.path == file.path ? "" : std::string_view(file.content.path)};
    }
    bool operator()(const auto& a, const auto& b) const { return of(a) == of(b); }
    std::size_t operator()(const auto& file) const {
      const std::hash<std::string_view> hash;
      return hash(of(file)[0]) * 31 + hash(of(file)[1]);
    }
  };
  using Contents = std::unordered_map<Key, std::shared_ptr<const FileContent>, SameFile, SameFile>;

  [[nodiscard]] bool is_known(std::span<const SelectedFile> files) const;
  Result<void> parse(const Context& context, FileSource& source, std::span<const SelectedFile* const> files,
                     Contents& contents);
  [[nodiscard]] Result<std::shared_ptr<const Manifests>> collate(std::span<const SelectedFile> files) const;

  Contents known_;
  bool saw_links_ = false;
  std::shared_ptr<const Manifests> manifests_;  // what known_ says; null when that has problems
  std::size_t parsed_ = 0;
};

}  // namespace flux::manifests
