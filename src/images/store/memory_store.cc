#include "images/store/memory_store.h"

#include <algorithm>
#include <utility>

namespace flux::images {

Result<std::optional<Record>> MemoryStore::read(const Bounded& /*ctx*/, const std::string& name) {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  found->second.used = ++uses_;
  const auto& [header, pages] = found->second.pages;
  return from_pages(name, header,
                    [&, next = pages.begin()](const PageName&) mutable -> std::string_view { return (next++)->bytes; });
}

Result<void> MemoryStore::write(const Bounded& /*ctx*/, const std::string& name, const Record& record) {
  Entry entry{to_pages(name, record)};
  entry.bytes = name.size() + entry.pages.header.size();
  for (const auto& page : entry.pages.pages) entry.bytes += sizeof(Page) + page.name.key.size() + page.bytes.size();
  const MutexLock lock(mutex_);
  if (const auto before = entries_.find(name); before != entries_.end()) drop(before);
  entry.used = ++uses_;
  bytes_ += entry.bytes;
  entries_.insert_or_assign(name, std::move(entry));
  while (bytes_ > most_bytes_ && entries_.size() > 1)
    drop(std::ranges::min_element(entries_, {}, [](const auto& each) { return each.second.used; }));
  return {};
}

void MemoryStore::forget(const std::string& name) {
  const MutexLock lock(mutex_);
  if (const auto found = entries_.find(name); found != entries_.end()) drop(found);
}

bool MemoryStore::holds(const std::string& name) {
  const MutexLock lock(mutex_);
  return entries_.contains(name);
}

void MemoryStore::drop(std::map<std::string, Entry>::iterator entry) {
  bytes_ -= entry->second.bytes;
  entries_.erase(entry);
}

}  // namespace flux::images
