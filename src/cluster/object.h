#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/manifest.h"
#include "model/policy.h"
#include "model/resource_id.h"

namespace flux::cluster {

inline constexpr std::string_view kFieldManager = "fluxd";
inline constexpr std::string_view kGcMarkLabel = "fluxcd.io/sync-gc-mark";
inline constexpr std::string_view kChecksumAnnotation = "fluxcd.io/sync-checksum";
inline constexpr std::string_view kLastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/// What a client-side `kubectl apply`, also that of Flux v1, still holds of an object.
enum class ClientSide {
  nothing,
  annotation,  ///< only its own last-applied annotation, which does no harm until the manifest changes
  fields,      ///< also others: a field of them that is removed from git would stay in the cluster
};

/// What we keep of one live object: metadata that decides about applying, drift and collection. About half a kilobyte.
struct Object {
  ApiType type;
  ResourceId id;  ///< with the live namespace; `<cluster>` for cluster-scoped objects
  std::string uid;
  std::string resource_version;
  std::int64_t generation = 0;                   ///< 0 for types that do not count it
  std::string gc_mark;                           ///< value of the label; empty when absent
  std::string checksum;                          ///< value of the annotation; empty when absent
  Ignore ignore = Ignore::no;                    ///< of all policy annotations
  bool owned = false;                            ///< has ownerReferences
  bool deleting = false;                         ///< has a deletionTimestamp
  ClientSide client_side = ClientSide::nothing;  ///< Client::take_over_all() before a server-side apply
  bool has_additions = false;                    ///< somebody added something with kubectl (is_addition())
  /// A hash of the set of fields that our field manager owns through Apply; 0 when it owns none. Someone else's write
  /// to a field of ours takes it out of the set.
  std::uint64_t owned_fields = 0;
  /// A hash of labels and annotations, but for the revision that the Deployment controller counts.
  std::uint64_t notes = 0;

  /// Equal for two states of an object when at most its status differs: the generation tells where the type counts it,
  /// otherwise any new resourceVersion may be more.
  [[nodiscard]] std::uint64_t content() const;

  [[nodiscard]] const std::string& name() const { return id.name(); }
  /// Empty for cluster-scoped objects.
  [[nodiscard]] std::string_view ns() const { return id.cluster_scoped() ? std::string_view{} : id.ns(); }
};

/// Reads an object's JSON, whole or PartialObjectMetadata. Lists and PartialObjectMetadata do not repeat the type of
/// what was asked for, so it is given. Server error when it is not a JSON object with a name.
[[nodiscard]] Result<Object> decode_object(std::string_view json, const ApiType& type);

/// One page of a list.
struct Page {
  std::string resource_version;
  std::string next;  ///< continue token; empty on the last page
};

/// Reads a list page object by object, without a tree of it in memory.
[[nodiscard]] Result<Page> decode_page(std::string_view json, const ApiType& type,
                                       const std::function<void(Object)>& each);

/// One annotation of an object's JSON.
[[nodiscard]] Result<std::optional<std::string>> decode_annotation(std::string_view json, std::string_view key);

/// One line of a watch.
struct WatchEvent {
  enum class Type { added, modified, deleted, bookmark, error } type = Type::error;
  Object object;  ///< for bookmarks only resource_version is set
  int code = 0;   ///< of an error's Status
  std::string message;
};
[[nodiscard]] Result<WatchEvent> decode_event(std::string_view line, const ApiType& type);

}  // namespace flux::cluster
