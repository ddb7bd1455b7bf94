#include "model/policy.h"

#include <array>
#include <utility>

namespace flux {
namespace {

// Strongest first: map::emplace keeps the first value it is given.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPrefixes{
    {{"fluxcd.io/", ""}, {"flux.weave.works/", ""}, {"filter.fluxcd.io/", "tag."}}};

}  // namespace

Policies policies_of(const std::map<std::string, std::string>& annotations) {
  Policies policies;
  for (const auto& [prefix, name_prefix] : kPrefixes)
    for (const auto& [key, value] : annotations)
      if (key.starts_with(prefix)) policies.emplace(std::string(name_prefix) + key.substr(prefix.size()), value);
  return policies;
}

Ignore ignore_of(const Policies& policies) {
  const auto found = policies.find("ignore");
  if (found == policies.end()) return Ignore::no;
  if (found->second == "true") return Ignore::yes;
  return found->second == "sync_only" ? Ignore::sync_only : Ignore::no;
}

}  // namespace flux
