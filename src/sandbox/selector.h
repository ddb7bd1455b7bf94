#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/status.h"
#include "sandbox/store.h"

namespace flux::sandbox {

/// Which objects a list, a watch or a deletecollection is about: `labelSelector` and `fieldSelector` of the request.
class Selector {
 public:
  /// `a=b,c!=d,e in (f,g),h notin (i),j,!k`, and for fields `metadata.name=x,status.phase!=y`.
  static Answer<Selector> parse(std::string_view labels, std::string_view fields);

  [[nodiscard]] bool matches(const Json& object) const;
  [[nodiscard]] bool all() const { return labels_.empty() && fields_.empty(); }

 private:
  enum class Test { in, not_in, exists, absent };
  struct Requirement {
    std::string key;
    Test test = Test::exists;
    std::vector<std::string> values;
  };
  class Parser;

  static bool holds(const Requirement& requirement, const std::string* value);

  std::vector<Requirement> labels_;
  std::vector<Requirement> fields_;
};

/// Whether a `LabelSelector` structure (matchLabels, matchExpressions) matches these labels.
[[nodiscard]] bool selects(const Json& label_selector, const Json& labels);

}  // namespace flux::sandbox
