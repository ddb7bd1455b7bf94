#include "api/authorization.h"

#include <gtest/gtest.h>

namespace flux::api {
namespace authorization_test {

TEST(CarriesTokenTest, TakesBothFormsAndNothingElse) {
  const std::pair<const char*, bool> rows[] = {
      {"Bearer t0ken", true},
      {"BEARER t0ken", true},
      {"Bearer   t0ken", true},
      {"Scope-Probe token=t0ken", true},
      {"scope-probe token=t0ken", true},
      {"Bearer t0ken ", false},
      {"Bearer t0ke", false},
      {"Bearer t0ken2", false},
      {"Bearer T0KEN", false},
      {"Bearert0ken", false},
      {"Bearer ", false},
      {"Bearer", false},
      {"Scope-Probe token=", false},
      {"Scope-Probe t0ken", false},
      {"Basic t0ken", false},
      {"t0ken", false},
      {"", false},
  };
  for (const auto& [value, expected] : rows)
    EXPECT_EQ(carries_token({{"Authorization", value}}, Secret("t0ken")), expected) << value;
}

TEST(CarriesTokenTest, NeedsExactlyOneHeader) {
  EXPECT_FALSE(carries_token({}, Secret("t0ken")));
  EXPECT_FALSE(carries_token({{"X-Authorization", "Bearer t0ken"}}, Secret("t0ken")));
  EXPECT_TRUE(carries_token({{"authorization", "Bearer t0ken"}}, Secret("t0ken")));
  EXPECT_FALSE(carries_token({{"Authorization", "Bearer t0ken"}, {"authorization", "Bearer t0ken"}}, Secret("t0ken")));
}

TEST(CarriesTokenTest, LetsNobodyInByAnEmptyToken) {
  for (const auto* value : {"", "Bearer ", "Scope-Probe token="})
    EXPECT_FALSE(carries_token({{"Authorization", value}}, Secret())) << value;
}

}  // namespace authorization_test
}  // namespace flux::api
