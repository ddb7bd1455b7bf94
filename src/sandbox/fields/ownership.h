#pragma once

#include <string>
#include <vector>

#include "sandbox/fields/typed_value.h"
#include "sandbox/status.h"

namespace flux::sandbox {

/// Who writes, as `metadata.managedFields` records it.
struct Writer {
  std::string manager;
  std::string api_version;
  std::string subresource;  ///< empty, `status` or `scale`
  std::string time;         ///< now, RFC 3339
};

/// Field ownership of objects of one type, as the rules of server-side apply define it.
/// `reset` are the parts of an object that this endpoint cannot change: nobody comes to own them through it.
class Ownership {
 public:
  Ownership(const Type& type, FieldSet reset) : type_(type), reset_(std::move(reset)) {}

  /// The `managedFields` of `next`, which replaces `live`. A client that sends its own managedFields in `next` has
  /// edited them: they are the starting point then, and `[{}]` clears them.
  [[nodiscard]] Json after_update(const Json& live, const Json& next, const Writer& writer) const;

  /// `live` with `config` applied, managedFields included. `live` is only a skeleton for an object to be created.
  /// Refuses with 409 and its causes when another manager owns a field with another value and `force` is not set.
  [[nodiscard]] Answer<Json> after_apply(const Json& live, const Json& config, const Writer& writer, bool force) const;

 private:
  [[nodiscard]] FieldSet owned(const FieldSet& set) const;
  [[nodiscard]] Json pruned(const Json& merged_object, const FieldSet& last, const FieldSet& managed) const;

  const Type& type_;
  FieldSet reset_;
};

}  // namespace flux::sandbox
