#include "images/store/memcached_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "images/store/bytes.h"
#include "images/store/memcached_format.h"
#include "images/store/record_pages.h"

namespace flux::images {
namespace {

constexpr auto kRefresh = std::chrono::hours(168);

std::string own_key(const std::string& name) { return "fluxdimagesv1|" + name; }

std::string page_key(const std::string& name, const PageName& page) {
  return fmt::format("fluxdimagesv1|{}|{:016x}", name, sum_of(page.key));
}

std::vector<std::string> page_keys(const std::string& name, const std::vector<PageName>& pages) {
  std::vector<std::string> keys;
  for (const auto& page : pages) keys.push_back(page_key(name, page));
  return keys;
}

}  // namespace

/// What a write changes, as records of nothing but the pages that differ.
struct MemcachedStore::Changes {
  std::set<std::string> pages;  // by key
  Record before;
  Record after;
};

Result<std::optional<Record>> MemcachedStore::read(const Bounded& ctx, const std::string& name) {
  auto own = read_own(ctx, name);
  if (!own || !reads_v1_) return own;
  const auto key = v1::repository_key(name);
  const auto found = servers_.get(ctx, {key});
  if (!found) return Failure(found.error());
  const auto value = found->find(key);
  auto theirs = value == found->end() ? std::nullopt : v1::read_repository(value->second);
  // What we have written last is theirs, too.
  if (!theirs || !theirs->last_update || (*own && (*own)->repository.last_update >= theirs->last_update)) return own;
  std::vector<std::string> keys;
  for (const auto& tag : theirs->tags) keys.push_back(v1::manifest_key(name, tag));
  const auto values = servers_.get(ctx, keys);
  if (!values) return Failure(values.error());
  std::map<std::string, v1::ManifestEntry> entries;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (const auto item = values->find(keys[i]); item != values->end())
      if (auto entry = v1::read_manifest(item->second)) entries.insert_or_assign(theirs->tags[i], std::move(*entry));
  auto record = std::move(*own).value_or(Record());
  v1::merge(record, name, std::move(*theirs), entries);
  return record;
}

Result<std::optional<Record>> MemcachedStore::read_own(const Bounded& ctx, const std::string& name) {
  const auto key = own_key(name);
  const auto found = servers_.get(ctx, {key});
  if (!found) return Failure(found.error());
  const auto header = found->find(key);
  const auto names = header == found->end() ? std::nullopt : page_names(header->second);
  if (!names) return std::nullopt;
  const auto pages = servers_.get(ctx, page_keys(name, *names));
  if (!pages) return Failure(pages.error());
  auto record = from_pages(name, header->second, [&](const PageName& page) -> std::string_view {
    const auto there = pages->find(page_key(name, page));
    const bool whole = there != pages->end() && sum_of(there->second) == page.sum;
    if (whole) return there->second;
    const MutexLock lock(mutex_);
    incomplete_.insert(name);
    return {};
  });
  return record;
}

Result<void> MemcachedStore::write(const Bounded& ctx, const std::string& name, const Record& record) {
  const auto now = Timestamp(std::chrono::system_clock::now());
  const auto expiry = v1::expiry(now + kRefresh, now);
  const auto pages = to_pages(name, record);
  const auto changed = changes(ctx, name, pages);
  if (!changed) return Failure(changed.error());
  if (auto ok = write_manifests(ctx, name, *changed, now); !ok) return ok;
  for (const auto& page : pages.pages)
    if (changed->pages.contains(page.name.key))
      if (auto ok = put(ctx, page_key(name, page.name), page.bytes, expiry); !ok) return ok;
  if (auto ok = put(ctx, own_key(name), pages.header, expiry); !ok) return ok;
  {
    const MutexLock lock(mutex_);
    incomplete_.erase(name);
  }
  if (!record.repository.last_update) return {};  // to Flux v1 the same as nothing, and not to hide what it knows
  const auto stored =
      servers_.set(ctx, v1::repository_key(name), v1::repository_value(record.repository, now + kRefresh), expiry);
  if (!stored) return Failure(stored.error());
  if (*stored == MemcachedServer::Stored::yes) return {};
  const MutexLock lock(mutex_);
  if (too_large_.insert(name).second)
    log_({{"warning", "memcached takes no value as large as Flux v1's record of this image; fluxd does without it"},
          {"image", name},
          {"help", "A Flux v1 that shares this memcached sees it only if memcached is started with -I 5m, or more."}});
  return {};
}

Result<MemcachedStore::Changes> MemcachedStore::changes(const Bounded& ctx, const std::string& name,
                                                        const RecordPages& pages) {
  const auto key = own_key(name);
  const auto found = servers_.get(ctx, {key});
  if (!found) return Failure(found.error());
  const auto header = found->find(key);
  auto before = header == found->end() ? std::nullopt : page_names(header->second);
  Changes out;
  std::vector<PageName> different;
  {
    const MutexLock lock(mutex_);
    const bool all = !before || incomplete_.contains(name);
    for (const auto& page : pages.pages)
      if (all || std::ranges::find(*before, page.name) == before->end()) out.pages.insert(page.name.key);
  }
  std::map<std::string, const Page*> after;
  for (const auto& page : pages.pages)
    if (out.pages.contains(page.name.key)) after.emplace(page.name.key, &page);
  out.after = from_pages(name, pages.header, [&](const PageName& page) -> std::string_view {
                const auto there = after.find(page.key);
                return there == after.end() ? std::string_view() : there->second->bytes;
              }).value_or(Record());
  if (!before) return out;
  std::erase_if(*before, [&](const PageName& page) { return !out.pages.contains(page.key); });
  const auto values = servers_.get(ctx, page_keys(name, *before));
  if (!values) return Failure(values.error());
  out.before = from_pages(name, header->second, [&](const PageName& page) -> std::string_view {
                 const auto there = values->find(page_key(name, page));
                 return there == values->end() ? std::string_view() : there->second;
               }).value_or(Record());
  return out;
}

/// Those that Flux v1 does not have yet as they are now.
Result<void> MemcachedStore::write_manifests(const Bounded& ctx, const std::string& name, const Changes& changes,
                                             Timestamp now) {
  const auto entry_of = [&](const Record& record, const std::string& tag) -> std::optional<v1::ManifestEntry> {
    const auto info = record.repository.images.find(tag);
    const auto excluded = record.repository.excluded.find(tag);
    v1::ManifestEntry entry;
    if (info != record.repository.images.end())
      entry.info = info->second;
    else if (excluded != record.repository.excluded.end())
      entry.excluded = excluded->second;
    else
      return std::nullopt;
    const auto state = record.states.find(tag);
    entry.deadline = state != record.states.end() ? state->second.due : now + std::chrono::hours(24);
    return entry;
  };
  const auto write_one = [&](const std::string& tag) -> Result<void> {
    const auto entry = entry_of(changes.after, tag);
    const auto key = v1::manifest_key(name, tag);
    if (!entry || !v1::is_key(key)) return {};
    const auto value = v1::manifest_value(*entry);
    if (const auto before = entry_of(changes.before, tag); before && v1::manifest_value(*before) == value) return {};
    return put(ctx, key, value, v1::expiry(entry->deadline, now));
  };
  for (const auto& [tag, info] : changes.after.repository.images)
    if (auto ok = write_one(tag); !ok) return ok;
  for (const auto& [tag, reason] : changes.after.repository.excluded)
    if (auto ok = write_one(tag); !ok) return ok;
  return {};
}

Result<void> MemcachedStore::put(const Bounded& ctx, const std::string& key, std::string_view value,
                                 std::uint32_t expiry) {
  const auto stored = servers_.set(ctx, key, value, expiry);
  if (!stored) return Failure(stored.error());
  if (*stored == MemcachedServer::Stored::yes) return {};
  return fail(ErrorKind::server, fmt::format("memcached takes no value of {} bytes for {}", value.size(), key),
              "Start memcached with -I 5m, or more.");
}

}  // namespace flux::images
