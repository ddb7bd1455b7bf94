#include "model/object_name.h"

#include <gtest/gtest.h>

namespace flux {
namespace object_name_test {

struct Row {
  const char* name;
  const char* why;
};

TEST(ObjectName, IsOneSegmentOfAUrl) {
  for (const auto& row : {
           Row{"a", ""},
           Row{"system:node-proxier", ""},
           Row{"a.b..c", ""},
           Row{"", "metadata.name is missing"},
           Row{".", "metadata.name must not be '.'"},
           Row{"..", "metadata.name must not be '..'"},
           Row{"x/y", "metadata.name 'x/y' must not contain '/'"},
           Row{"a%b", "metadata.name 'a%b' must not contain '%'"},
       })
    EXPECT_EQ(why_no_name(row.name), row.why) << row.name;
}

}  // namespace object_name_test
}  // namespace flux
