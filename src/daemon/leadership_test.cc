#include "daemon/leadership.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "cluster/scripted_transport.h"

namespace flux::daemon {
namespace leadership_test {

using ::testing::HasSubstr;

/// An API server that has one lease and nothing else.
struct LeadershipTest : ::testing::Test {
  std::optional<cluster::ScriptedTransport::Answer> answer(const http::ClientRequest& request) {
    const std::lock_guard lock(mutex);
    if (status != 200)
      return cluster::respond(status, R"({"kind":"Status","message":"leases is forbidden: cannot get"})");
    if (request.method == "GET") {
      if (holder == "none") return cluster::respond(404);
      return cluster::respond(200, lease());
    }
    if (request.method == "PATCH" &&
        request.body.find("\"resourceVersion\":\"" + std::to_string(version) + "\"") == std::string::npos)
      return cluster::respond(409);
    // As Kubernetes' MicroTime: six digits.
    const std::string renewed = parse_json(request.body)->at("spec").at("renewTime");
    if (renewed.size() != std::string("2026-11-29T02:29:12.000001Z").size() || renewed[19] != '.')
      return cluster::respond(400, R"({"kind":"Status","message":"cannot parse renewTime"})");
    ++version;
    holder = parse_json(request.body)->at("spec").at("holderIdentity");
    return cluster::respond(200, lease());
  }
  std::string lease() const {
    return dump_json(Json{{"metadata", {{"resourceVersion", std::to_string(version)}}},
                          {"spec", {{"holderIdentity", holder}, {"leaseDurationSeconds", 180}}}});
  }
  std::string held_by() {
    const std::lock_guard lock(mutex);
    return holder;
  }
  std::unique_ptr<Leadership> start(const std::string& me, const std::string& ns = "flux") {
    return std::move(*Leadership::start(Context(stop.get_token(), log.log()), *client, {ns, "fluxd-1", me}));
  }

  std::mutex mutex;  ///< guards what follows
  std::string holder = "none";
  int version = 1;
  int status = 200;
  KeptLog log;
  std::stop_source stop;
  std::shared_ptr<cluster::ScriptedTransport> transport =
      std::make_shared<cluster::ScriptedTransport>([this](const auto& request) { return answer(request); });
  std::unique_ptr<cluster::Client> client = cluster::scripted_client(transport);
};

TEST_F(LeadershipTest, LeadsWithTheLeaseAndGivesItUpAtTheEnd) {
  const auto leadership = start("pod-a");
  const auto term = leadership->wait(bounded());
  ASSERT_TRUE(term);
  EXPECT_EQ(held_by(), "pod-a");
  EXPECT_FALSE(term->stop_requested());
  stop.request_stop();
  leadership->give_up(bounded());
  EXPECT_EQ(held_by(), "");
}

TEST_F(LeadershipTest, WaitsForWhoHasItAndSaysSo) {
  holder = "pod-b";
  const auto leadership = start("pod-a");
  ASSERT_TRUE(log.wait_for("another fluxd leads"));
  EXPECT_EQ(leadership->other(), "pod-b");
  std::stop_source now;
  now.request_stop();
  EXPECT_FALSE(leadership->wait(Context(now.get_token())));
  EXPECT_EQ(held_by(), "pod-b");
  stop.request_stop();
  leadership->give_up(bounded());
  EXPECT_EQ(held_by(), "pod-b") << "what is not ours is not given up";
}

TEST_F(LeadershipTest, LeadsWithoutTheRightToLeasesAfterAWarning) {
  status = 403;
  const auto leadership = start("pod-a");
  EXPECT_TRUE(leadership->wait(bounded()));
  EXPECT_THAT(log.text(), HasSubstr("cannot use a Lease"));
  stop.request_stop();
}

TEST_F(LeadershipTest, ALeaseThatTheServerDoesNotTakeStopsNobody) {
  for (const int refused : {400, 404, 422}) {
    {
      const std::lock_guard lock(mutex);
      status = refused;
    }
    std::stop_source end;
    const auto leadership =
        std::move(*Leadership::start(Context(end.get_token(), log.log()), *client, {"flux", "fluxd-1", "pod-a"}));
    EXPECT_EQ(leadership->wait(bounded()).has_value(), true) << refused;
    end.request_stop();
  }
}

TEST_F(LeadershipTest, EndsAtOnceWhenItIsNotNeededAnyMore) {
  auto leadership = start("pod-a");
  ASSERT_TRUE(leadership->wait(bounded()));
  const auto began = Clock::now();
  leadership.reset();  // as when something else of the daemon cannot start: nobody stops its context
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(30)) << "the next renewal is a minute away";
}

TEST_F(LeadershipTest, LeadsOutsideOfAClusterWithoutAsking) {
  const auto leadership = start("host", "");
  EXPECT_TRUE(leadership->wait(bounded()));
  EXPECT_TRUE(transport->requests().empty());
}

}  // namespace leadership_test
}  // namespace flux::daemon
