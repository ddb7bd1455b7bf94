#include "cluster/immutable.h"

#include <gtest/gtest.h>

#include "cluster/status.h"

namespace flux::cluster {
namespace immutable_test {

TEST(SaysImmutable, TellsTheServersWordsFromTheValuesThatItQuotes) {
  const struct {
    std::string_view reason;
    std::string_view message;
    bool expected;
  } cases[] = {
      // As Kubernetes 1.36 answers: Deployment, StatefulSet, Service, Job, ConfigMap, RoleBinding, PriorityClass, Pod.
      {"FieldValueInvalid", R"(Invalid value: {"matchLabels":{"app":"b"}}: field is immutable)", true},
      {"FieldValueForbidden",
       "Forbidden: updates to statefulset spec for fields other than 'replicas' and 'minReadySeconds' are forbidden",
       true},
      {"FieldValueInvalid", R"(Invalid value: ["None"]: may not change once set)", true},
      {"FieldValueInvalid", R"(Invalid value: {"Spec":{"Containers":[{"Name":"a: b"}]}}: field is immutable)", true},
      {"FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set", true},
      {"FieldValueInvalid", R"(Invalid value: {"Kind":"Role","Name":"b"}: cannot change roleRef)", true},
      {"FieldValueForbidden", "Forbidden: may not be changed in an update.", true},
      {"FieldValueForbidden", "Forbidden: pod updates may not change fields other than `spec.tolerations`\n  x: 1",
       true},
      // Rules of custom resources.
      {"FieldValueInvalid", R"(Invalid value: "b": Value is immutable)", true},
      {"FieldValueInvalid", R"(Invalid value: "b": a cannot be changed)", true},
      {"FieldValueInvalid", R"(Invalid value: "b": failed rule: self == oldSelf)", true},
      // Something else is wrong, and creating the object again would not help.
      {"FieldValueInvalid", R"(Invalid value: "field is immutable": must be a number)", false},
      {"FieldValueInvalid", R"(Invalid value: "x: field is immutable": must be a number)", false},
      {"FieldValueNotSupported", R"(Unsupported value: "x": supported values: "immutable")", false},
      {"FieldValueRequired", "Required value: field is immutable", false},
      {"FieldValueForbidden", "Forbidden: may not be specified when strategy `type` is 'Recreate'", false},
      {"FieldValueForbidden", "Forbidden: not here\n  field is immutable", false},
      {"FieldValueInvalid", "field is immutable", false},
      {"", "", false},
  };
  for (const auto& [reason, message, expected] : cases) EXPECT_EQ(says_immutable(reason, message), expected) << message;
}

TEST(DecodeStatus, IsImmutableOnlyWhenNothingElseIsWrong) {
  const std::string immutable = R"({"reason":"FieldValueInvalid","message":"Invalid value: 1: field is immutable"})";
  const std::string other = R"({"reason":"FieldValueInvalid","message":"Invalid value: 1: must be less"})";
  const auto decode = [](int code, const std::string& causes) {
    return decode_status(code, R"({"kind":"Status","message":"no","details":{"causes":[)" + causes + "]}}", "x");
  };
  EXPECT_TRUE(decode(422, immutable).immutable);
  EXPECT_TRUE(decode(422, immutable + "," + immutable).immutable);
  EXPECT_FALSE(decode(422, immutable + "," + other).immutable);
  EXPECT_FALSE(decode(422, other + "," + immutable).immutable);
  EXPECT_FALSE(decode(422, "").immutable);
  EXPECT_FALSE(decode(400, immutable).immutable);
}

}  // namespace immutable_test
}  // namespace flux::cluster
