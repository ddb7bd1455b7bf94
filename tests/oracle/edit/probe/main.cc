// edit-probe VALUES < RECORDS   edits each document of the records (tests/oracle/yaml/main.go) in several places:
// values are replaced by those of VALUES, a JSON array of strings, members are put in and taken out, with all sorts of
// line ends.
//
// Standard output: one JSON line for each edit, {"before", "after", "path", "value"} or {"before", "refused"}.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "yaml/edit/edit.h"
#include "yaml/json.h"

namespace {

using flux::yaml::Change;
using flux::yaml::Node;
using flux::yaml::Path;
using nlohmann::json;

constexpr std::size_t kMostPlaces = 40;

/// The paths of what is in mappings, and of one member more for each mapping.
void collect(Node node, Path path, std::vector<Path>& places) {
  if (path.size() > 8 || places.size() > kMostPlaces) return;
  for (std::size_t i = 0; i < node.size(); ++i) {
    auto below = path;
    if (node.is_sequence()) {
      below.emplace_back(i);
      collect(node.item(i), std::move(below), places);
      continue;
    }
    const auto entry = node.entry(i);
    if (entry.key.is_null() || entry.key.kind() == flux::yaml::Kind::real) continue;
    below.emplace_back(entry.key.is_string() ? std::string(entry.key.text()) : flux::yaml::scalar_text(entry.key));
    places.push_back(below);
    collect(entry.value, below, places);
    if (!entry.value.is_null()) continue;
    below.emplace_back("below");
    places.push_back(std::move(below));
  }
  if (!node.is_mapping()) return;
  path.emplace_back("put/in");
  places.push_back(path);
  path.emplace_back("below");
  places.push_back(std::move(path));
}

/// Texts as they are, with Windows' line ends, without the last line break, and with a byte order mark, in turn.
std::string in_turn(std::string text, std::size_t turn) {
  if (turn % 4 == 1)
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) text.insert(at, "\r");
  if (turn % 4 == 2 && text.ends_with('\n')) text.pop_back();
  if (turn % 4 == 3) text.insert(0, "\xEF\xBB\xBF");
  return text;
}

json written(const Path& path) {
  auto out = json::array();
  for (const auto& step : path) std::visit([&](const auto& one) { out.push_back(one); }, step);
  return out;
}

void print(const std::string& text, const Change& change) {
  const auto edited = flux::yaml::edit(text, std::span(&change, 1));
  json line{{"before", text}, {"path", written(change.path)}, {"value", nullptr}};
  if (change.value) line["value"] = *change.value;
  if (edited)
    line["after"] = *edited;
  else
    line["refused"] = edited.error().message;
  std::cout << line.dump() << '\n';
}

}  // namespace

int main(int, char** argv) {
  std::ios::sync_with_stdio(false);
  std::ifstream file(argv[1]);
  const auto values = json::parse(file);
  std::size_t turn = 0;
  std::size_t count = 0;
  std::string header;
  while (std::getline(std::cin, header)) {
    std::string text(std::stoul(header), '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    std::cin.ignore(1);
    text = in_turn(std::move(text), count++);
    const auto document = flux::yaml::read_one(text);
    if (!document) continue;
    std::vector<Path> places;
    collect(document->root(), {}, places);
    for (const auto& place : places) {
      print(text, {place, values[turn++ % values.size()].get<std::string>()});
      if (turn % 3 == 0) print(text, {place, std::nullopt});
    }
  }
}
