#include "images/candidates.h"

#include "images/lookup.h"

namespace flux::images {
namespace {

Verdict first_look(const Repository& repository, const TagPattern& pattern, const std::string& tag, bool known) {
  if (const auto reason = repository.excluded.find(tag); reason != repository.excluded.end())
    return {tag, Why::excluded, reason->second};
  if (pattern.shuns(tag)) return {tag, Why::latest};
  if (!pattern.matches(tag)) return {tag, Why::filter};
  if (!pattern.needs_created() || known) return {tag};
  if (const auto error = repository.failed.find(tag); error != repository.failed.end())
    return {tag, Why::missing_metadata, error->second};
  return {tag, repository.last_error.empty() ? Why::not_scanned : Why::missing_metadata};
}

}  // namespace

std::optional<Timestamp> created_of(const Repository& repository, const std::string& tag) {
  const auto image = repository.images.find(tag);
  return image == repository.images.end() ? std::nullopt : image->second.created_at;
}

std::vector<Candidate> candidates(const Repository& repository, const TagPattern& pattern) {
  std::vector<Candidate> all;
  all.reserve(repository.tags.size());
  Lookup lookup(repository.images);
  for (const auto& tag : repository.tags) {
    if (tag.empty()) continue;
    const auto* const info = lookup.find(tag);
    // All have one name, so the tag orders them as the whole reference would.
    all.push_back({first_look(repository, pattern, tag, info != nullptr),
                   {pattern.order(), tag, info ? info->created_at : std::nullopt, tag}});
  }
  return all;
}

}  // namespace flux::images
