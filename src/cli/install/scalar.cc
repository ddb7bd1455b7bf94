#include "cli/install/scalar.h"

#include <algorithm>

#include "base/json.h"
#include "yaml/reader.h"

namespace flux::cli {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./=,+@:").find(c) != std::string_view::npos;
}

/// Whether YAML reads the bare text as this very string, and not as a number, a boolean or something broken.
bool reads_back(std::string_view text) {
  const auto documents = yaml::read_all(text);
  if (!documents || documents->size() != 1) return false;
  const auto root = documents->front().root();
  return root.is_string() && root.text() == text;
}

}  // namespace

std::string yaml_scalar(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_word) && reads_back(text)) return std::string(text);
  // JSON's strings are YAML's.
  return dump_json(SortedJson(text));
}

}  // namespace flux::cli
