#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace flux {

/// The namespace part of cluster-scoped ids, literally.
inline constexpr std::string_view kClusterScope = "<cluster>";

/// `<namespace>:<kind>/<name>`; cluster-scoped resources say `<cluster>` for the namespace. The kind is lower case, the
/// rest keeps its case. API group and version are not part of it (compat/daemon.md 5.1, manifests-and-releases.md 2).
class ResourceId {
 public:
  ResourceId() = default;
  /// From a manifest or an object, unchecked: an odd name still has to be reported. Empty `ns` means cluster-scoped.
  ResourceId(std::string_view ns, std::string_view kind, std::string_view name);

  /// The canonical form, or the legacy `<namespace>/<name>`, which stays legacy when printed.
  static Result<ResourceId> parse(std::string_view text);

  [[nodiscard]] const std::string& ns() const { return ns_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool cluster_scoped() const { return ns_ == kClusterScope; }
  [[nodiscard]] bool empty() const { return name_.empty() && kind_.empty() && ns_.empty(); }
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const ResourceId&, const ResourceId&) = default;
  /// As the printed forms compare.
  friend std::strong_ordering operator<=>(const ResourceId& a, const ResourceId& b);

 private:
  std::string ns_;
  std::string kind_;
  std::string name_;
  bool legacy_ = false;
};

}  // namespace flux

template <>
struct std::hash<flux::ResourceId> {
  std::size_t operator()(const flux::ResourceId& id) const noexcept {
    const std::hash<std::string> of_text;
    return (of_text(id.ns()) * 31 + of_text(id.kind())) * 31 + of_text(id.name());
  }
};
