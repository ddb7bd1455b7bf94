#pragma once

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/schema.h"

namespace flux::sandbox {

/// A kind that is served under one group and version. Immutable.
struct Kind {
  struct Column {
    std::string name;
    std::string type;
    std::string format;
    std::string description;
    int priority = 0;
    std::string path;  ///< JSONPath
  };
  struct Scale {
    std::string spec_replicas;
    std::string status_replicas;
    std::string selector;  ///< JSON paths with leading dots
  };

  std::string group;
  std::string version;
  std::string kind;
  std::string list_kind;
  std::string plural;
  std::string singular;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  bool namespaced = true;
  bool has_status = false;
  std::optional<Scale> scale;
  const Type* type = nullptr;
  std::shared_ptr<const TypeSet> types;  ///< owns `type` of a custom kind
  bool custom = false;
  std::shared_ptr<const Json> schema;  ///< openAPIV3Schema of a custom kind
  std::vector<Column> columns;         ///< of a custom kind

  [[nodiscard]] std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  /// Names the collection of objects, which all versions share.
  [[nodiscard]] std::string collection() const { return plural + "." + group; }
};

using KindPtr = std::shared_ptr<const Kind>;

/// The built-in kinds out of their table: `group/version Kind plural singular N|C short,names categories
/// subresources Type`, `-` for none. The first version of a group is the preferred one, in whose shape all are kept.
const std::vector<KindPtr>& builtin_kinds();

/// The kinds that a CustomResourceDefinition declares, one for each served version, the preferred one first.
[[nodiscard]] std::vector<KindPtr> kinds_of_definition(const Json& definition);

/// All kinds served at the moment. Any thread.
class Kinds {
 public:
  Kinds();
  [[nodiscard]] KindPtr find(std::string_view group, std::string_view version, std::string_view plural) const;
  [[nodiscard]] KindPtr of_object(std::string_view api_version, std::string_view kind) const;
  [[nodiscard]] std::vector<KindPtr> all() const;

  /// Replaces what the definition of that name declared before; no kinds: it is gone.
  void define(const std::string& definition, std::vector<KindPtr> kinds);

 private:
  template <class Test>
  [[nodiscard]] KindPtr first(Test fits) const;

  mutable std::shared_mutex mutex_;
  std::map<std::string, std::vector<KindPtr>> custom_;
};

}  // namespace flux::sandbox
