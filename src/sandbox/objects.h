#pragma once

#include <optional>
#include <string>

#include "sandbox/fields/ownership.h"
#include "sandbox/kinds.h"
#include "sandbox/selector.h"
#include "sandbox/status.h"
#include "sandbox/store.h"

namespace flux::sandbox {

/// What a request is about.
struct Target {
  KindPtr kind;
  std::string space;  ///< empty: cluster-scoped, or all namespaces
  std::string name;   ///< empty: the collection
  std::string subresource;

  [[nodiscard]] Place place() const { return {kind->collection(), space, name}; }
};

/// What a writing request asks for besides its body.
struct WriteOptions {
  std::string manager;
  bool force = false;
  bool dry_run = false;
  enum class Unknown { ignore, warn, refuse } unknown = Unknown::warn;  ///< fieldValidation
};

struct Written {
  ObjectPtr object;
  bool created = false;
  bool gone = false;  ///< deleted at once; `object` is its last state
  std::vector<std::string> warnings;
};

struct DeleteOptions {
  std::string uid;  ///< preconditions; empty: none
  std::string resource_version;
  std::string propagation;  ///< Background, Foreground, Orphan or empty for the default
  bool dry_run = false;
};

enum class PatchKind { json, merge, strategic };

/// The rules of writing: validation, defaults, versions, ownership of fields, finalizers. Any thread; a write that
/// loses a race is repeated on the newer state.
class Objects {
 public:
  Objects(Store& store, Kinds& kinds) : store_(store), kinds_(kinds) {}

  [[nodiscard]] Answer<ObjectPtr> get(const Target& target) const;
  Answer<Written> create(const Target& target, Json body, const WriteOptions& options);
  Answer<Written> update(const Target& target, const Json& body, const WriteOptions& options);
  Answer<Written> patch(const Target& target, PatchKind how, const Json& patch, const WriteOptions& options);
  Answer<Written> apply(const Target& target, const Json& config, const WriteOptions& options);
  Answer<Written> erase(const Target& target, const DeleteOptions& options);

 private:
  static constexpr int attempts = 100;  ///< to win a race, before it is a conflict after all

  struct Draft;
  Answer<void> check_identity(const Target& target, Json& body) const;
  Answer<void> check_namespace(const Target& target) const;
  [[nodiscard]] Ownership ownership(const Target& target) const;
  [[nodiscard]] Writer writer(const Target& target, const WriteOptions& options) const;
  Answer<void> finish(const Target& target, const Object* live, Draft& draft, const WriteOptions& options) const;
  Answer<std::optional<Written>> commit(const Target& target, const ObjectPtr& live, Draft draft,
                                        const WriteOptions& options);
  Answer<std::optional<Written>> try_apply(const Target& target, const Json& config, const WriteOptions& options);
  Answer<std::optional<Written>> try_replace(const Target& target, const ObjectPtr& live, Json next,
                                             const WriteOptions& options);
  Answer<std::optional<Written>> try_erase(const Target& target, const DeleteOptions& options);
  void define(const Target& target, const Json& body);

  Store& store_;
  Kinds& kinds_;
};

}  // namespace flux::sandbox
