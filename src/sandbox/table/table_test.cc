#include "sandbox/table/table.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "sandbox/table/json_path.h"

namespace flux::sandbox {
namespace table_test {

TEST(JsonPath, ReadsWhatPrinterColumnsUse) {
  const auto body =
      parse_sorted_json(
          R"({"spec":{"size":3,"a.b":"dot"},"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"X","status":"False"}]},
                                    "list":["a","b"]})")
          .value();
  const std::pair<const char*, Json> table[] = {{".spec.size", 3},
                                                {".spec.none", nullptr},
                                                {".spec['a.b']", "dot"},
                                                {".spec.a\\.b", "dot"},
                                                {".list[1]", "b"},
                                                {".list[-1]", "b"},
                                                {".list[9]", nullptr},
                                                {".list[*]", "a,b"},
                                                {R"(.status.conditions[?(@.type=="Ready")].status)", "True"},
                                                {".status.conditions[?(@.type=='X')].status", "False"},
                                                {".status.conditions[?(@.type==\"None\")].status", nullptr},
                                                {".list[", nullptr}};
  for (const auto& [path, wanted] : table) EXPECT_EQ(json_path(body, path), wanted) << path;
}

TEST(Age, IsWrittenAsKubectlDoes) {
  const std::pair<long, const char*> table[] = {
      {0, "0s"},         {119, "119s"},           {120, "2m"},        {125, "2m5s"},
      {3600, "60m"},     {4 * 3600 + 60, "4h1m"}, {47 * 3600, "47h"}, {3 * 86400 + 3600, "3d1h"},
      {9 * 86400, "9d"}, {800 * 86400L, "2y70d"}, {-1, "0s"}};
  for (const auto& [seconds, wanted] : table) EXPECT_EQ(age_text(seconds), wanted) << seconds;
}

TEST(Table, EveryRowHasItsColumns) {
  for (const auto& kind : builtin_kinds()) {
    const Json body = {{"metadata", {{"name", "n"}}}};
    EXPECT_EQ(table_cells(*kind, body).size(), table_columns(*kind).size()) << kind->kind;
  }
}

}  // namespace table_test
}  // namespace flux::sandbox
