#include "manifests/problems.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::manifests {

std::string duplicate(const ResourceId& id, const Source& first, const Source& second) {
  if (first.path == second.path)
    return fmt::format("duplicate definition of '{}' (in {}), documents {} and {}, lines {} and {}", id.to_string(),
                       first.path, first.document, second.document, first.line, second.line);
  return fmt::format("duplicate definition of '{}' (in {} and {}), lines {} and {}", id.to_string(), first.path,
                     second.path, first.line, second.line);
}

Error combine(std::span<const std::string> problems) {
  constexpr std::size_t kMost = 20;
  Error error{
      ErrorKind::user, problems.front(),
      "Nothing is applied until every manifest can be read. Check that the files named are well-formed YAML, that "
      "templates are rendered, and that each resource is defined once."};
  const auto shown = std::min(problems.size(), kMost);
  for (const auto& problem : problems.subspan(1, shown - 1)) error.message += "\n" + problem;
  if (problems.size() > shown) error.message += fmt::format("\nand {} more", problems.size() - shown);
  return error;
}

}  // namespace flux::manifests
