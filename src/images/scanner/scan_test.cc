#include "images/scanner/scan.h"

#include <gmock/gmock.h>

#include "base/test_bounded.h"

namespace flux::images {
namespace scan_test {

using std::chrono::hours;

/// After how long a tag that has failed for days is asked for again, when the registry answers by this status.
Duration pause_after(int status) {
  RegistryOptions options;
  RateLimits limits{1000, 100, {}};
  RegistryHosts hosts;
  const Requests requests(
      [&](const Bounded&, const http::ClientRequest& request) -> Result<http::ClientResponse> {
        return http::ClientResponse{request.url.ends_with("/v2/") ? 200 : status, {}, "", request.url};
      },
      options, limits, {}, "r.example");
  const ImageRef image{"r.example", "app", "", ""};
  const auto session = std::move(*RegistrySession::open(bounded(), requests, hosts, image, std::nullopt));
  Record record;
  record.repository.tags = {"1.0"};
  record.states["1.0"] = {.due = {}, .refresh = hours(48), .error = "failed"};
  const auto scanned = scan_due(bounded(), *session, {.image = image}, {}, record, {});
  EXPECT_EQ(scanned.attempted, 1U);
  return record.states["1.0"].refresh;
}

TEST(Scan, FindsARegistryWellSoonAfterItIs) {
  for (const int status : {500, 503, 401, 403}) EXPECT_EQ(pause_after(status), hours(1)) << status;
  EXPECT_EQ(pause_after(404), hours(96));
}

}  // namespace scan_test
}  // namespace flux::images
