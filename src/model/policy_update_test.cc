#include "model/policy_update.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace flux {
namespace policy_update_test {

TEST(PolicyUpdatesTest, ReadsSetsAsObjectsAndListsAndWritesObjects) {
  const auto updates = decode_json(R"({"shop:Deployment/b":{"ADD":["automated","locked"],"remove":{"tag.c":""}},)"
                                   R"("a:job/c":{"add":null},"shop:deployment/b":{"add":{"x":"y","X":null}}})")
                           .and_then(policy_updates_from_json);
  ASSERT_TRUE(updates) << updates.error().message;
  EXPECT_EQ(encode_json(to_json(*updates)),
            R"({"a:job/c":{"add":{},"remove":{}},"shop:deployment/b":{"add":{"X":"","x":"y"},"remove":{}}})");
  const auto listed =
      decode_json(R"({"a:job/c":{"add":["automated"],"remove":["locked"]}})").and_then(policy_updates_from_json);
  ASSERT_TRUE(listed);
  EXPECT_EQ(encode_json(to_json(*listed)), R"({"a:job/c":{"add":{"automated":"true"},"remove":{"locked":"true"}}})");
}

TEST(PolicyUpdatesTest, TakesNullForNone) { EXPECT_TRUE(policy_updates_from_json(nullptr)->empty()); }

TEST(PolicyUpdatesTest, RefusesOtherShapes) {
  for (const auto* text : {"[]", R"("x")", R"({"":{}})", R"({"x":{}})", R"({"a:job/c":[]})", R"({"a:job/c":{"add":1}})",
                           R"({"a:job/c":{"add":{"k":1}}})", R"({"a:job/c":{"add":[1]}})"}) {
    const auto updates = decode_json(text).and_then(policy_updates_from_json);
    ASSERT_FALSE(updates) << text;
    EXPECT_EQ(updates.error().kind, ErrorKind::user);
  }
}

}  // namespace policy_update_test
}  // namespace flux
