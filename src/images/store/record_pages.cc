#include "images/store/record_pages.h"

#include <algorithm>
#include <utility>

#include "images/store/bytes.h"

namespace flux::images {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kTagsOfAPage = 64;

/// What there is of a tag, in front of it.
enum Bit : std::uint64_t {
  none = 0,
  listed = 1,
  has_state = 2,
  has_error = 4,
  has_info = 8,
  has_excluded = 16,
  same_digest = 32,  // the info has the digest of the state
  other_id = 64,     // the info has another id than repository and tag
  has_build_date = 128,
  has_image_created = 256,
  has_created_at = 512,
  has_last_fetched = 1024,
};

/// All of a record that is about one tag.
struct Row {
  bool is_listed = false;
  const TagState* state = nullptr;
  const ImageInfo* info = nullptr;
  const std::string* excluded = nullptr;
};

std::map<std::string_view, Row> rows_of(const Record& record) {
  std::map<std::string_view, Row> rows;
  auto next = rows.end();
  const auto row = [&](const std::string& tag) -> Row& {
    const auto found = rows.try_emplace(next, tag);
    next = std::next(found);
    return found->second;
  };
  for (const auto& tag : record.repository.tags) row(tag).is_listed = true;
  for (const auto& [tag, state] : record.states) row(tag).state = &state;
  for (const auto& [tag, info] : record.repository.images) row(tag).info = &info;
  for (const auto& [tag, reason] : record.repository.excluded) row(tag).excluded = &reason;
  return rows;
}

bool begins_page(std::string_view tag) {
  const auto sum = sum_of(tag);
  return (sum ^ sum >> 32) % kTagsOfAPage == 0;
}

void put_info(ByteWriter& out, std::uint64_t bits, const ImageInfo& info) {
  if (bits & other_id)
    for (const auto* part : {&info.id.domain, &info.id.path, &info.id.tag, &info.id.digest}) out.text(*part);
  if (!(bits & same_digest)) out.digest(info.digest);
  out.digest(info.image_id);
  for (const auto& time : {info.build_date, info.image_created, info.created_at, info.last_fetched})
    if (time) out.time(*time);
}

void put_row(ByteWriter& out, const ImageRef& repository, std::string_view tag, const Row& row) {
  std::uint64_t bits = row.is_listed ? listed : none;
  if (row.state) bits |= has_state | (row.state->error.empty() ? none : has_error);
  if (row.excluded) bits |= has_excluded;
  if (row.info) {
    bits |= has_info;
    if (row.state && row.state->digest == row.info->digest) bits |= same_digest;
    if (row.info->id != repository.with_tag(tag)) bits |= other_id;
    if (row.info->build_date) bits |= has_build_date;
    if (row.info->image_created) bits |= has_image_created;
    if (row.info->created_at) bits |= has_created_at;
    if (row.info->last_fetched) bits |= has_last_fetched;
  }
  out.text(tag);
  out.number(bits);
  if (row.state) {
    out.digest(row.state->digest);
    out.time(row.state->due);
    out.number(static_cast<std::uint64_t>(row.state->refresh.count()));
    if (bits & has_error) out.text(row.state->error);
  }
  if (row.excluded) out.text(*row.excluded);
  if (row.info) put_info(out, bits, *row.info);
}

ImageInfo take_info(ByteReader& in, std::uint64_t bits, const ImageRef& repository, std::string_view tag,
                    const std::string& digest) {
  ImageInfo info;
  if (bits & other_id)
    for (auto* part : {&info.id.domain, &info.id.path, &info.id.tag, &info.id.digest}) *part = in.text();
  else
    info.id = {repository.domain, repository.path, std::string(tag), {}};
  info.digest = bits & same_digest ? digest : in.digest();
  info.image_id = in.digest();
  if (bits & has_build_date) info.build_date = in.time();
  if (bits & has_image_created) info.image_created = in.time();
  if (bits & has_created_at) info.created_at = in.time();
  if (bits & has_last_fetched) info.last_fetched = in.time();
  return info;
}

/// Tags come in order, so that all goes to the ends of the maps.
void take_row(ByteReader& in, const ImageRef& repository, Record& record) {
  const std::string tag(in.text());
  const auto bits = in.number();
  auto& [tags, images, excluded, failed, last_error, last_update] = record.repository;
  TagState state;
  if (bits & has_state) {
    state.digest = in.digest();
    state.due = in.time();
    state.refresh = Duration(static_cast<std::int64_t>(in.number()));
    if (bits & has_error) state.error = in.text();
  }
  if (bits & has_excluded) excluded.emplace_hint(excluded.end(), tag, in.text());
  if (bits & has_info) images.emplace_hint(images.end(), tag, take_info(in, bits, repository, tag, state.digest));
  if (bits & has_state) record.states.emplace_hint(record.states.end(), tag, std::move(state));
  if (bits & listed) tags.push_back(tag);
}

struct Header {
  std::string last_error;
  std::optional<Timestamp> last_update;
  std::vector<PageName> pages;
  std::optional<std::vector<std::string>> order;  // of the tags, where it is not that of their texts
};

std::string write_header(const Record& record, const std::vector<Page>& pages) {
  const auto& repository = record.repository;
  ByteWriter out;
  out.number(kVersion);
  out.text(repository.last_error);
  out.number(repository.last_update ? 1 : 0);
  if (repository.last_update) out.time(*repository.last_update);
  out.number(pages.size());
  for (const auto& page : pages) {
    out.text(page.name.key);
    out.fixed(page.name.sum);
  }
  const auto& tags = repository.tags;
  const bool in_order = std::ranges::adjacent_find(tags, std::ranges::greater_equal()) == tags.end();
  out.number(in_order ? 0 : tags.size());
  if (!in_order)
    for (const auto& tag : tags) out.text(tag);
  auto bytes = out.take();
  ByteWriter sealed;
  sealed.fixed(sum_of(bytes));
  return sealed.take() + bytes;
}

std::optional<Header> read_header(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.fixed() != sum_of(bytes.substr(std::min<std::size_t>(bytes.size(), 8))) || !in.ok()) return std::nullopt;
  if (in.number() != kVersion) return std::nullopt;
  Header header;
  header.last_error = in.text();
  if (in.number() != 0) header.last_update = in.time();
  for (auto left = in.number(); left > 0 && in.ok(); --left) {
    std::string key(in.text());
    header.pages.push_back({std::move(key), in.fixed()});
  }
  if (auto left = in.number(); left > 0) {
    header.order.emplace();
    for (; left > 0 && in.ok(); --left) header.order->emplace_back(in.text());
  }
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return header;
}

}  // namespace

RecordPages to_pages(const std::string& name, const Record& record) {
  const auto repository = ImageRef::parse(name).value_or(ImageRef());
  RecordPages out;
  ByteWriter page;
  std::string key;
  const auto finish = [&] {
    if (page.size() == 0) return;
    auto bytes = page.take();
    page = {};
    const auto sum = sum_of(bytes);
    out.pages.push_back({{key, sum}, std::move(bytes)});
  };
  for (const auto& [tag, row] : rows_of(record)) {
    if (begins_page(tag)) {
      finish();
      key = tag;
    }
    put_row(page, repository, tag, row);
  }
  finish();
  out.header = write_header(record, out.pages);
  return out;
}

std::optional<std::vector<PageName>> page_names(std::string_view header) {
  auto read = read_header(header);
  if (!read) return std::nullopt;
  return std::move(read->pages);
}

std::optional<Record> from_pages(const std::string& name, std::string_view header_bytes,
                                 const std::function<std::string_view(const PageName&)>& page) {
  auto header = read_header(header_bytes);
  if (!header) return std::nullopt;
  const auto repository = ImageRef::parse(name).value_or(ImageRef());
  Record record;
  record.repository.last_error = std::move(header->last_error);
  record.repository.last_update = header->last_update;
  bool complete = true;
  for (const auto& each : header->pages) {
    const auto bytes = page(each);
    if (sum_of(bytes) != each.sum) {
      complete = false;
      continue;
    }
    for (ByteReader in(bytes); !in.at_end() && in.ok();) take_row(in, repository, record);
  }
  if (header->order) record.repository.tags = std::move(*header->order);
  if (!complete) {
    record.repository.tags.clear();
    record.repository.last_update.reset();
  }
  return record;
}

}  // namespace flux::images
