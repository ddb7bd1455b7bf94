#include "writes.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace load_generator {

tl::expected<std::vector<Stage>, std::string> read_stages(const std::string& file) {
  std::ifstream in(file);
  if (!in) return tl::unexpected(fmt::format("cannot open {}", file));
  std::vector<Stage> stages;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) try {
      const auto write = nlohmann::json::parse(line);
      const auto stage = write.at("stage").get<std::size_t>();
      if (stage >= stages.size()) stages.resize(stage + 1);
      stages[stage].push_back({write.at("path").get<std::string>(), write.at("body").get<std::string>()});
    } catch (const nlohmann::json::exception& e) {
      return tl::unexpected(fmt::format("{}: line {}: {}", file, number, e.what()));
    }
  return stages;
}

}  // namespace load_generator
