#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "images/record.h"

namespace flux::images {

/// A record as bytes: a header, and pages of about 64 tags each in the order of their tags. Where a page begins is
/// decided by its first tag alone, so that a tag that comes, goes or changes leaves all other pages as they are.
struct PageName {
  std::string key;        ///< the first tag; empty for the first page
  std::uint64_t sum = 0;  ///< of its bytes
  friend bool operator==(const PageName&, const PageName&) = default;
};
struct Page {
  PageName name;
  std::string bytes;
};
struct RecordPages {
  std::string header;  ///< names all pages
  std::vector<Page> pages;
};

/// `name`: of the repository, canonical. Pure, as all here.
[[nodiscard]] RecordPages to_pages(const std::string& name, const Record& record);

/// Nothing when the header cannot be read, or is of another version.
[[nodiscard]] std::optional<std::vector<PageName>> page_names(std::string_view header);

/// The record, or as much of it as there is: `page` gives the bytes of a page, good until it is called again, none when
/// it is lost. A page that is lost or damaged takes the list of tags with it: a list with gaps would make an old image
/// the newest. Nothing when the header cannot be read.
[[nodiscard]] std::optional<Record> from_pages(const std::string& name, std::string_view header,
                                               const std::function<std::string_view(const PageName&)>& page);

}  // namespace flux::images
