#include "cluster/last_writer.h"

#include <gtest/gtest.h>

#include "base/test_bounded.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace last_writer_test {

std::string entry(const std::string& manager, const std::string& time, const std::string& subresource = "") {
  return R"({"manager":")" + manager + R"(","operation":"Update","time":")" + time + R"(","subresource":")" +
         subresource + R"(","fieldsV1":{"f:spec":{}}})";
}

std::string last_of(const std::string& entries) {
  const auto transport = std::make_shared<ScriptedTransport>([=](const auto&) {
    return std::optional(respond(200, R"({"metadata":{"name":"a","managedFields":[)" + entries + "]}}"));
  });
  return last_other_writer(bounded(), *scripted_client(transport), kConfigMaps, "shop", "a").value();
}

TEST(LastOtherWriter, IsTheLatestThatIsNeitherUsNorAStatus) {
  EXPECT_EQ(last_of(entry("old", "2026-01-01T00:00:00Z") + "," + entry("new", "2026-01-02T00:00:00Z") + "," +
                    entry("fluxd", "2026-01-03T00:00:00Z") + "," + entry("kubelet", "2026-01-04T00:00:00Z", "status")),
            "new");
  EXPECT_EQ(last_of(entry("new", "2026-01-02T00:00:00Z") + "," + entry("old", "2026-01-01T00:00:00Z")), "new");
  EXPECT_EQ(last_of(entry("fluxd", "2026-01-03T00:00:00Z")), "");
}

}  // namespace last_writer_test
}  // namespace flux::cluster
