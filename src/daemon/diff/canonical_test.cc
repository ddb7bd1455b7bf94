#include "daemon/diff/canonical.h"

#include <gtest/gtest.h>

#include "daemon/diff/unified.h"

namespace flux::daemon {
namespace canonical_test {

TEST(CompareObjects, leaves_out_what_says_nothing_about_the_object) {
  const auto both = compare_objects(
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"5",
          "generation":1,"creationTimestamp":"2021-03-01T09:00:00Z","managedFields":[{"manager":"kubectl"}],
          "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}","fluxcd.io/sync-checksum":"1"}},
          "data":{"text":"Hello"},"status":{"x":1}})",
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"6",
          "generation":2,"managedFields":[{"manager":"fluxd"}],"annotations":{"fluxcd.io/sync-checksum":"2"}},
          "data":{"text":"Hello"}})");
  EXPECT_EQ(both.before,
            "apiVersion: v1\ndata:\n  text: Hello\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\n");
  EXPECT_EQ(both.after, both.before);
}

TEST(CompareObjects, shows_no_text_for_an_object_that_is_not_there) {
  const auto both = compare_objects("", R"({"kind":"ConfigMap","metadata":{"name":"a"}})");
  EXPECT_EQ(both.before, "");
  EXPECT_EQ(both.after, "kind: ConfigMap\nmetadata:\n  name: a\n");
}

TEST(CompareObjects, tells_that_a_secret_differs_but_not_what_is_in_it) {
  const auto both = compare_objects(
      R"({"kind":"Secret","metadata":{"name":"s","annotations":{
          "kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"gone\":\"c2VjcmV0LTE=\"}}"}},
          "data":{"gone":"c2VjcmV0LTE=","kept":"c2VjcmV0LTI=","other":"c2VjcmV0LTM="}})",
      R"({"kind":"Secret","metadata":{"name":"s"},
          "data":{"kept":"c2VjcmV0LTI=","other":"c2VjcmV0LTQ=","new":"c2VjcmV0LTU="},"stringData":{"plain":"secret-6"}})");
  EXPECT_EQ((both.before + both.after).find("c2Vjcm"), std::string::npos) << both.before << both.after;
  EXPECT_EQ((both.before + both.after).find("secret-"), std::string::npos) << both.before << both.after;
  EXPECT_EQ(unified_diff(both.before, both.after),
            "@@ -1,7 +1,9 @@\n data:\n-  gone: <hidden, before>\n   kept: <hidden>\n-  other: <hidden, before>\n"
            "+  new: <hidden, after>\n+  other: <hidden, after>\n kind: Secret\n metadata:\n   name: s\n"
            "+stringData:\n+  plain: <hidden, after>\n");
}

TEST(CompareObjects, hides_a_secret_that_is_malformed) {
  const auto both =
      compare_objects("", R"({"kind":"Secret","metadata":{"name":"s"},"data":"c2VjcmV0","stringData":[1]})");
  EXPECT_EQ(both.after, "data: <hidden, after>\nkind: Secret\nmetadata:\n  name: s\nstringData: <hidden, after>\n");
}

TEST(YamlOf, keeps_the_types_of_json) {
  EXPECT_EQ(yaml_of(R"({"a":"true","b":true,"c":"1","d":1,"e":"x\ny\n","f":null,"g":[],"h":1.5,"i":"é"})"),
            "a: \"true\"\nb: true\nc: \"1\"\nd: 1\ne: |\n  x\n  y\nf: null\ng: []\nh: 1.5\ni: é\n");
  EXPECT_EQ(yaml_of("{"), "");
}

}  // namespace canonical_test
}  // namespace flux::daemon
