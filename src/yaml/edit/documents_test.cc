#include "yaml/edit/documents.h"

#include <gtest/gtest.h>

#include <vector>

#include "yaml/reader.h"

namespace flux::yaml {
namespace documents_test {

std::vector<std::string> parts(std::string_view text) {
  std::vector<std::string> out;
  for (int number = 1;; ++number) {
    const auto span = document_span(text, number);
    if (!span) return out;
    out.emplace_back(text.substr(span->begin, span->end - span->begin));
  }
}

using Parts = std::vector<std::string>;

TEST(DocumentSpan, CutsAStreamAtItsMarks) {
  const struct {
    const char* name;
    std::string text;
    Parts parts;
  } rows[] = {
      {"one", "a: b\n", {"a: b\n"}},
      {"none", "# a\n", {}},
      {"nothing", "", {}},
      {"empty ones", "---\n---\n", {"---\n", "---\n"}},
      {"without a first mark", "a: b\n---\nc: d\n", {"a: b\n", "---\nc: d\n"}},
      {"comments before the first mark", "# a\n---\nb: c\n", {"# a\n---\nb: c\n"}},
      {"content beside the mark", "--- a\n--- {b: c}", {"--- a\n", "--- {b: c}"}},
      {"no marks", "a: ---\n----: b\n--- # yes\n---no\n", {"a: ---\n----: b\n", "--- # yes\n---no\n"}},
      {"in a block scalar", "a: |\n  ---\n---\nb: c\n", {"a: |\n  ---\n", "---\nb: c\n"}},
      {"directives",
       "%YAML 1.1\n---\na: b\n...\n# c\n%TAG ! x\n---\nd\n",
       {"%YAML 1.1\n---\na: b\n...\n# c\n", "%TAG ! x\n---\nd\n"}},
      {"end marks", "a: b\n... # c\n---\nd: e\n...\n", {"a: b\n... # c\n", "---\nd: e\n...\n"}},
      {"CRLF", "---\r\na: b\r\n---\r\nc: d\r\n", {"---\r\na: b\r\n", "---\r\nc: d\r\n"}},
      {"CR", "a: b\r---\rc: d", {"a: b\r", "---\rc: d"}},
      {"a byte order mark", "\xEF\xBB\xBF---\na: b\n---\nc\n", {"\xEF\xBB\xBF---\na: b\n", "---\nc\n"}},
      {"byte order marks alone",
       "\xEF\xBB\xBF# a\n\xEF\xBB\xBF\n\xEF\xBB\xBF# b\n---\nc\n",
       {"\xEF\xBB\xBF# a\n\xEF\xBB\xBF\n\xEF\xBB\xBF# b\n---\nc\n"}},
      {"a byte order mark at the end", "# a\n\xEF\xBB\xBF", {}},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0",
                   4),
       {}},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parts(row.text), row.parts) << row.name;
    if (row.parts.empty()) continue;
    // The parts are all of the text, and as many as are read.
    std::string together;
    for (const auto& part : row.parts) together += part;
    EXPECT_EQ(together, row.text) << row.name;
    const auto documents = read_all(row.text);
    ASSERT_TRUE(documents) << row.name << ": " << documents.error().message;
    EXPECT_EQ(documents->size(), row.parts.size()) << row.name;
    for (const auto& part : row.parts) EXPECT_EQ(read_all(part).value().size(), 1U) << row.name << ": " << part;
  }
}

}  // namespace documents_test
}  // namespace flux::yaml
