#include "api/wire/daemon_status.h"

#include <gtest/gtest.h>

#include "api/wire/sync_diff.h"
#include "base/json.h"

namespace flux::api {
namespace daemon_status_test {

DaemonStatus busy() {
  DaemonStatus status;
  status.version = "2.0.0";
  status.git_url = "ssh://git@h/r";
  status.branch = "main";
  status.paths = {"prod"};
  status.git_status = "ready";
  status.head = "c2";
  status.live_revision = "c1";
  status.leader = "pod-b";
  status.live_since = parse_timestamp("2021-03-09T10:00:00Z");
  status.last_sync =
      LastSync{*parse_timestamp("2021-03-09T11:00:00Z"), std::chrono::milliseconds(1500), "c2", false, "no"};
  status.out_of_step = {{"shop:deployment/cart", "apply failed", "prod/cart.yaml"}};
  status.deletions_refused = "too much";
  status.queued_jobs = {{"j2", "policy", "Ann", "freeze"}};
  status.running_job = JobSummary{"j1", "sync", "", ""};
  status.images = {{{.image = "r.example/app",
                     .credentials = "shop:secret/pull",
                     .tags = 3,
                     .last_success = parse_timestamp("2021-03-09T10:00:00Z"),
                     .error = "refused",
                     .help = "Is it up?",
                     .failing_since = parse_timestamp("2021-03-09T10:30:00Z"),
                     .failing_tag_count = 1,
                     .failing_tags = {{"1.2", "no manifest"}}}}};
  status.last_errors = {{*parse_timestamp("2021-03-09T11:00:00Z"), "no <luck>"}};
  return status;
}

TEST(DaemonStatusTest, WritesEverythingAndReadsItBack) {
  EXPECT_EQ(
      encode_json(to_json(busy())),
      R"({"version":"2.0.0","git":{"url":"ssh://git@h/r","branch":"main","paths":["prod"],"status":"ready","errors":"",)"
      R"("head":"c2"},"leader":"pod-b","live":{"revision":"c1","since":"2021-03-09T10:00:00Z"},"lastSync":{"ended":)"
      R"("2021-03-09T11:00:00Z","seconds":1.5,"revision":"c2","succeeded":false,"error":"no"},"outOfStep":[{"id":)"
      R"("shop:deployment/cart","reason":"apply failed","source":"prod/cart.yaml"}],)"
      R"("deletionsRefused":"too much","jobs":{"running":{"id":"j1",)"
      R"("type":"sync","user":"","message":""},"queued":[{"id":"j2","type":"policy","user":"Ann","message":"freeze"}]},)"
      R"("images":[{"image":"r.example/app","credentials":"shop:secret/pull","tags":3,"lastSuccess":)"
      R"("2021-03-09T10:00:00Z","nextRefresh":null,"error":"refused","help":"Is it up?","failingSince":)"
      R"("2021-03-09T10:30:00Z","failingTagCount":1,"failingTags":[{"tag":"1.2","error":"no manifest"}]}],)"
      R"("lastErrors":[{"at":"2021-03-09T11:00:00Z","message":"no \u003cluck\u003e"}]})");
  EXPECT_EQ(*daemon_status_from_json(to_json(busy())), busy());
}

TEST(DaemonStatusTest, WritesNullForWhatIsNotKnown) {
  EXPECT_EQ(encode_json(to_json(DaemonStatus{})),
            R"({"version":"","git":{"url":"","branch":"","paths":[],"status":"","errors":"","head":""},"leader":"",)"
            R"("live":{"revision":"","since":null},"lastSync":null,"outOfStep":[],"deletionsRefused":"",)"
            R"("jobs":{"running":null,"queued":[]},"images":null,"lastErrors":[]})");
  EXPECT_EQ(*daemon_status_from_json(to_json(DaemonStatus{})), DaemonStatus{});
  EXPECT_EQ(*daemon_status_from_json(Json::object()), DaemonStatus{});
}

TEST(DaemonStatusTest, RefusesOtherShapes) {
  for (const auto* text : {"[]", R"({"git":[]})", R"({"git":{"paths":"p"}})", R"({"live":{"since":"then"}})",
                           R"({"lastSync":{"ended":1}})", R"({"jobs":{"queued":{}}})", R"({"jobs":{"running":"x"}})",
                           R"({"lastErrors":["e"]})", R"({"images":{}})", R"({"images":[{"lastSuccess":"then"}]})",
                           R"({"images":[{"failingTags":["1"]}]})", R"({"lastSync":{"seconds":"1"}})"})
    EXPECT_FALSE(decode_json(text).and_then(daemon_status_from_json)) << text;
}

TEST(SyncDiffTest, WritesEverythingAndReadsItBack) {
  const SyncDiff diff{"dev",
                      "c3",
                      "c1",
                      {{"shop:deployment/cart", DiffAction::change, "changed in git", "cart.yaml", "-a\n+b\n"},
                       {"shop:service/new", DiffAction::create, "new in git", "new.yaml", ""},
                       {"shop:service/old", DiffAction::remove, "left git", "", ""}},
                      {"2 resources are ignored"},
                      {"bad.yaml cannot be read"}};
  EXPECT_EQ(
      encode_json(to_json(diff)),
      R"({"ref":"dev","revision":"c3","live":"c1","changes":[{"id":"shop:deployment/cart","action":"change","reason":)"
      R"("changed in git","source":"cart.yaml","diff":"-a\n+b\n"},{"id":"shop:service/new","action":"create","reason":)"
      R"("new in git","source":"new.yaml","diff":""},{"id":"shop:service/old","action":"delete","reason":"left git",)"
      R"("source":"","diff":""}],"notes":["2 resources are ignored"],"refusals":["bad.yaml cannot be read"]})");
  EXPECT_EQ(*sync_diff_from_json(to_json(diff)), diff);
  EXPECT_EQ(encode_json(to_json(SyncDiff{})),
            R"({"ref":"","revision":"","live":"","changes":[],"notes":[],"refusals":[]})");
}

TEST(SyncDiffTest, RefusesOtherShapes) {
  for (const auto* text : {"[]", R"({"changes":{}})", R"({"changes":[{"action":"explode"}]})", R"({"notes":"n"})"})
    EXPECT_FALSE(decode_json(text).and_then(sync_diff_from_json)) << text;
}

}  // namespace daemon_status_test
}  // namespace flux::api
