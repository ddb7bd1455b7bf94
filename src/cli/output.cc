#include "cli/output.h"

#include <array>
#include <utility>

#include "base/json.h"
#include "yaml/encode.h"
#include "yaml/reader.h"

namespace flux::cli {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 4> kFormats{
    {{"tab", Format::tab}, {"wide", Format::wide}, {"json", Format::json}, {"yaml", Format::yaml}}};

}  // namespace

std::vector<Flag> OutputFlags::table() {
  return {{"no-headers", &no_headers, "Leave out the line of column names"},
          {"output-format", &format, "Output format (tab, wide, json or yaml)", 'o'}};
}

Result<Format> OutputFlags::read() const {
  for (const auto& [name, value] : kFormats)
    if (name == format) return value;
  return fail(ErrorKind::user, "invalid output format specified", "It is one of tab, wide, json and yaml.");
}

Result<void> OutputFlags::check() const {
  const auto format_of = read();
  return format_of ? Result<void>{} : Failure(format_of.error());
}

std::string print_value(const Json& value, Format format) {
  auto json = encode_json(value) + "\n";
  if (format != Format::yaml) return json;
  const auto documents = yaml::read_all(json);
  return documents && documents->size() == 1 ? yaml::encode(documents->front().root()) : json;
}

}  // namespace flux::cli
