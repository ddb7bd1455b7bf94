// The same questions as main.go answers, put to src/yaml.
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "yaml/encode.h"
#include "yaml/json.h"
#include "yaml/reader.h"

namespace {

nlohmann::json describe(const flux::yaml::Document& document) {
  nlohmann::json out;
  const auto text = flux::yaml::encode(document.root());
  const auto json = flux::yaml::to_json(document.root());
  out["yaml"] = text;
  out["sum"] = flux::yaml::checksum(document.root());
  if (json)
    out["json"] = *json;
  else
    out["jsonError"] = json.error().message;
  return out;
}

nlohmann::json ask(const std::string& text) {
  const auto documents = flux::yaml::read_all(text);
  if (!documents) return {{"error", documents.error().message}};
  nlohmann::json out = nlohmann::json::object();
  for (const auto& document : *documents) out["documents"].push_back(describe(document));
  return out;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::string header;
  while (std::getline(std::cin, header)) {
    std::string text(std::stoul(header), '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    std::cin.ignore(1);
    std::cout << ask(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
}
