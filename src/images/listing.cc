#include "images/listing.h"

#include "images/lookup.h"

namespace flux::images {
namespace {

struct ListedImage {
  ImageInfo info;
  Place place;
};

/// The tag alone where there is no metadata.
ImageInfo named(const ImageInfo* known, const ImageRef& name, const std::string& tag) {
  if (!known) return {ImageRef{{}, {}, tag, {}}};
  auto info = *known;
  info.id = {name.domain, name.path, tag, {}};
  return info;
}

/// In the order of the tags, because to look at each in the order of the list would be to wait for memory.
std::vector<ListedImage> entries_of(const Repository& repository, const TagPattern& pattern, const ImageRef& name,
                                    bool all_tags) {
  std::vector<ListedImage> entries;
  entries.reserve(repository.tags.size());
  Lookup lookup(repository.images);
  for (const auto& tag : repository.tags) {
    if (!all_tags && repository.excluded.contains(tag)) continue;
    auto info = named(lookup.find(tag), name, tag);
    auto place = pattern.place(info);
    entries.push_back({std::move(info), std::move(place)});
  }
  return entries;
}

}  // namespace

Listing list_images(const Repository& repository, const TagPattern& pattern, const ImageRef& running, bool all_tags) {
  Listing listing;
  if (const auto current = repository.images.find(running.tag); current != repository.images.end())
    listing.current = named(&current->second, running, running.tag);
  const auto current = pattern.place(listing.current);
  bool all_newer = true;
  bool filtered_newer = true;
  auto entries = entries_of(repository, pattern, running, all_tags);
  listing.available.reserve(entries.size());
  for (auto* entry : newest_first(entries)) {
    const auto& info = listing.available.emplace_back(std::move(entry->info));
    const bool is_newer = newer(entry->place, current);
    all_newer = all_newer && is_newer;
    listing.new_available_count += all_newer ? 1 : 0;
    if (repository.excluded.contains(info.id.tag) || !pattern.matches(info.id.tag)) continue;
    if (listing.filtered_count++ == 0) listing.latest_filtered = info;
    filtered_newer = filtered_newer && is_newer;
    listing.new_filtered_count += filtered_newer ? 1 : 0;
  }
  return listing;
}

}  // namespace flux::images
