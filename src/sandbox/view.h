#pragma once

#include <string>

#include "sandbox/status.h"
#include "sandbox/store.h"

namespace flux::sandbox {

/// In which form the client wants objects: as they are, their metadata only, or as rows for people.
class View {
 public:
  /// `accept` is the header's value (the first form we know wins), `include_object` the query parameter of tables.
  static View choose(const std::string& accept, const std::string& include_object);

  [[nodiscard]] std::string object(const Kind& kind, const Json& body) const;
  /// A list; `next` is the token of the next page, empty for none.
  [[nodiscard]] std::string list(const Kind& kind, const Store::Listing& listing, const std::string& next) const;
  /// One line of a watch. A table brings its columns with the first line only.
  [[nodiscard]] std::string event(const Kind& kind, const char* type, const Json& body, bool first) const;
  [[nodiscard]] std::string bookmark(const Kind& kind, std::uint64_t version, bool initial_events_end) const;

 private:
  enum class Form { full, partial, table };
  enum class Include { none, metadata, object };
  [[nodiscard]] Json row(const Kind& kind, const Json& body) const;
  Form form_ = Form::full;
  Include include_ = Include::metadata;
};

}  // namespace flux::sandbox
