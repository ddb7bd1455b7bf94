#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "manifests/remarks.h"
#include "model/manifest.h"

namespace flux::manifests {

using ManifestPtr = std::shared_ptr<const Manifest>;

/// What one file says: its manifests, or what is wrong with it.
struct FileContent {
  std::vector<ManifestPtr> manifests;
  std::vector<std::string> problems;
  std::string
      origin{};  ///< the blob that was read, and the real path of what links lead to: equal ones, equal contents
  /// Nothing in nearly all files, so that they pay for a pointer only.
  std::shared_ptr<const Remarks> remarks{};
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
///   in Flux, and whether its kind exists at all is found out by resolve().
/// - Files for kustomize are no resources: left out, and remarked.
/// - A pointer of Git LFS is a problem.
/// - The `stringData` of a Secret is in its `data`, as the API server puts it there (secret_data.h).
/// - What only a server can say is left out (exported.h), and remarked.
/// - Of items that an API server takes only once, the last one is there (repeated.h), and remarked.
/// - Files with sops metadata are loaded as they are: decrypting them is another's business.
///
/// A problem in one document keeps the others from being trusted, but each further one is still found, up to the first
/// syntax error.
[[nodiscard]] FileContent parse_file(const std::string& path, std::string_view text, const std::string& real_path = {});

}  // namespace flux::manifests
