#include "images/testing/records.h"

#include <fmt/format.h>

#include <tuple>

namespace flux::images {
namespace {

std::string digest_of(std::size_t i) { return fmt::format("sha256:{:064x}", i * 0x9e3779b97f4a7c15U); }

}  // namespace

Record made_up_record(const std::string& name, std::size_t tags) {
  Record record;
  const auto repository = ImageRef::parse(name).value();
  const auto start = parse_timestamp("2021-03-01T10:00:00.123456789Z").value();
  record.repository.last_update = start;
  for (std::size_t i = 0; i < tags; ++i) {
    const auto tag = fmt::format("v1.{:06}", i);
    record.repository.tags.push_back(tag);
    if (i % 10 == 9) {
      record.repository.excluded.emplace(tag, "a signature");
      continue;
    }
    auto& state = record.states[tag];
    state = {digest_of(i), start + std::chrono::minutes(i), std::chrono::minutes(5), i % 10 == 8 ? "gone" : ""};
    if (i % 10 == 8) continue;
    auto& info = record.repository.images[tag];
    info.id = repository.with_tag(tag);
    info.digest = i % 10 == 7 ? digest_of(i + 1) : state.digest;
    info.image_id = i % 10 == 6 ? "of schema 1" : digest_of(i + 2);
    info.created_at = start + std::chrono::hours(i);
    if (i % 10 == 5) info.build_date = start;
    if (i % 10 == 4) info.image_created = start;
    if (i % 10 != 3) info.last_fetched = start;
    if (i % 10 == 2) info.id = {"elsewhere.example", "other/name", "other", "abc"};
  }
  return record;
}

bool same_record(const Record& a, const Record& b) {
  const auto all = [](const Record& record) {
    const auto& [tags, images, excluded, failed, last_error, last_update] = record.repository;
    return std::tie(tags, images, excluded, failed, last_error, last_update, record.states);
  };
  return all(a) == all(b);
}

}  // namespace flux::images
