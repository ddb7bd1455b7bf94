#include "cluster/immutable.h"

#include <algorithm>
#include <array>

namespace flux::cluster {
namespace {

constexpr std::array<std::string_view, 9> kWords{
    "immutable",           // most of them; also the usual message of a rule
    "may not change",      // a Service's clusterIP, a Pod's spec
    "may not be changed",  // a PriorityClass' value
    "cannot change",       // a binding's roleRef
    "cannot be changed",   // rules
    "can not be changed", "cannot be updated", "may not be updated",
    "self == oldSelf",  // a rule without a message
};

}  // namespace

bool says_immutable(std::string_view reason, std::string_view message) {
  std::string_view words;
  if (reason == "FieldValueForbidden") {
    words = message.substr(0, message.find('\n'));  // then the difference, with its values
    if (words.starts_with("Forbidden: updates to ") && words.find(" forbidden") != std::string_view::npos) return true;
  } else if (reason == "FieldValueInvalid") {
    const auto end_of_value = message.rfind(": ");
    if (end_of_value != std::string_view::npos) words = message.substr(end_of_value);
  }
  return std::ranges::any_of(kWords, [&](auto word) { return words.find(word) != std::string_view::npos; });
}

}  // namespace flux::cluster
