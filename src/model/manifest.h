#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/policy.h"
#include "model/resource_id.h"

namespace flux {

/// The type of an object as manifests name it, such as {"apps/v1", "Deployment"}; core types have no group: "v1".
struct ApiType {
  std::string api_version;
  std::string kind;
  [[nodiscard]] std::string_view group() const;  ///< `apps`; empty for core types
  friend auto operator<=>(const ApiType&, const ApiType&) = default;
};

/// Where a manifest stands: for messages, `path (document 2, line 31)`, and to find it again in order to edit it.
struct Source {
  /// What few manifests have, so that the others pay for a pointer only.
  struct Detail {
    std::string file;                  ///< empty: `path` itself
    std::vector<std::uint32_t> items;  ///< empty: not in a list
  };

  std::string path;  ///< relative to the repository's root, as it was selected
  int document = 1;  ///< counted from 1
  int line = 1;      ///< counted from 1
  std::shared_ptr<const Detail> detail = nullptr;

  /// The regular file in which it is written: another one than `path` where that is, or leads through, a symbolic link.
  /// Relative to the repository's root.
  [[nodiscard]] const std::string& file() const { return detail && !detail->file.empty() ? detail->file : path; }
  /// Its place in the document when that is a `kind: List`: the item, counted from 0 as written, and when that is a
  /// list again, the item in it, and so on. Empty when it is the document itself.
  [[nodiscard]] std::span<const std::uint32_t> items() const;
  [[nodiscard]] std::string to_string() const;
};

/// One resource as a repository describes it. A value, shared read-only once loaded.
/// The JSON is kept in two parts so that labels and annotations can be added without reading all of it again.
struct Manifest {
  ApiType type;
  std::string name;
  std::string ns;        ///< as written; empty when absent
  Policies policies;     ///< from its annotations
  std::string metadata;  ///< the value of `metadata`, a JSON object in compact form
  std::string rest;      ///< the whole object without `metadata`, a JSON object in compact form
  std::string checksum;  ///< lower-case hex SHA-1 of the re-encoded document (compat/daemon.md 5.4)
  Source source;

  /// The id with `effective_ns` (empty: cluster-scoped) in place of what is written.
  [[nodiscard]] ResourceId id_in(std::string_view effective_ns) const { return {effective_ns, type.kind, name}; }
  [[nodiscard]] ResourceId written_id() const { return id_in(ns); }
};

}  // namespace flux
