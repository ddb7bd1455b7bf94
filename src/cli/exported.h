#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace flux::cli {

/// One resource of the daemon's export, reduced to what somebody would have written.
struct ExportedObject {
  std::string kind;
  std::string name;
  std::string ns;  ///< empty for namespaces themselves
  std::string yaml;

  /// Where it is saved below the directory: `NAME-ns.yaml`, `NAMESPACE/NAME-dep.yaml`, `NAMESPACE/NAME-KIND.yaml`.
  [[nodiscard]] std::string path() const;
};

/// Reads the documents of an export. Keeps `apiVersion`, `kind`, name, namespace, labels, annotations and `spec`, less
/// what the cluster wrote: bookkeeping annotations, creation timestamps, and empty values, level by level
/// (compat/fluxctl.md 2.9). User error for broken YAML, and for names that would lead out of the directory.
[[nodiscard]] Result<std::vector<ExportedObject>> read_export(std::string_view text);

}  // namespace flux::cli
