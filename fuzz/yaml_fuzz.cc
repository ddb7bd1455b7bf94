// What is read can be written, and reads back as the same; nothing crashes on the way.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "yaml/encode.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace {

using flux::yaml::Node;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_spans(Node node, std::string_view text, int depth) {
  require(node.span().begin <= node.span().end && node.span().end <= text.size());
  if (depth == 0) return;
  for (std::size_t i = 0; i < node.size() && i < 16; ++i) {
    const auto child = node.is_sequence() ? node.item(i) : node.entry(i).value;
    const bool written_here = !node.is_alias() && (node.is_sequence() || !node.entry(i).merged_from);
    if (written_here) require(node.span().begin <= child.span().begin && child.span().end <= node.span().end);
    check_spans(child, text, depth - 1);
  }
}

/// As in go-yaml a key `<<` that was quoted is written without quotes, and -0.0 without its point: they then mean
/// something else.
bool reads_back(const std::string& encoded) {
  if (encoded.find("<<") != std::string::npos) return false;
  for (auto at = encoded.find("-0"); at != std::string::npos; at = encoded.find("-0", at + 1))
    if (at + 2 == encoded.size() || encoded[at + 2] == '\n' || encoded[at + 2] == ':') return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto documents = flux::yaml::read_all(text);
  if (!documents) return 0;
  for (const auto& document : *documents) {
    check_spans(document.root(), text, 8);
    const auto json = flux::yaml::to_json(document.root());
    if (json) require(nlohmann::json::accept(*json));
    const auto encoded = flux::yaml::encode(document.root());
    if (!json || !reads_back(encoded)) continue;
    const auto again = flux::yaml::read_all(encoded);
    require(again.has_value() && again->size() == 1);
    require(flux::yaml::to_json(again->front().root()).value_or("") == *json);
  }
  return 0;
}
