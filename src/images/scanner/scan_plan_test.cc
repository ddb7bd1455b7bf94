#include "images/scanner/scan_plan.h"

#include <gmock/gmock.h>

namespace flux::images {
namespace scan_plan_test {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

const Timestamp kNow = parse_timestamp("2026-01-01T00:00:00Z").value();

std::vector<std::string> names(const std::vector<TagWork>& work) {
  std::vector<std::string> out;
  for (const auto& one : work) out.push_back(one.tag + (one.known ? " known" : ""));
  return out;
}

TEST(TakeTags, ForgetsWhatIsGoneAndTellsWhatIsNew) {
  Record record;
  EXPECT_TRUE(take_tags(record, {"1", "2"}, kNow));
  EXPECT_EQ(record.repository.last_update, kNow);
  record.repository.images["1"] = {};
  record.repository.excluded["2"] = "not an image";
  record.states["1"].digest = "sha256:1";
  EXPECT_FALSE(take_tags(record, {"2"}, kNow));
  EXPECT_THAT(record.repository.images, IsEmpty());
  EXPECT_THAT(record.states, IsEmpty());
  EXPECT_EQ(record.repository.excluded.size(), 1U);
  EXPECT_TRUE(take_tags(record, {"3", "2"}, kNow)) << "as many tags as before, but another one";
}

TEST(TakeTags, AsksNobodyAboutASignature) {
  Record record;
  const auto signature = "sha256-" + std::string(64, 'a') + ".sig";
  take_tags(record, {signature, "1"}, kNow);
  EXPECT_EQ(record.repository.excluded.at(signature), "not an image (sig)");
  EXPECT_THAT(names(due_tags(record, kNow, {})), ElementsAre("1"));
}

TEST(AddNamed, AsksForATagThatTheListDoesNotHaveYet) {
  Record record;
  take_tags(record, {"1", "2"}, kNow);
  record.states["2"] = {.digest = "sha256:2", .due = kNow + hours(1)};
  const auto signature = "sha256-" + std::string(64, 'a') + ".sig";
  const auto work = add_named(record, {"3", "2", "4", signature});
  EXPECT_THAT(names(work), ElementsAre("3", "2 known", "4"));
  EXPECT_THAT(record.repository.tags, ElementsAre("1", "2", "3", "4"));

  record.repository.images["3"] = {};
  record.states["4"].error = "gone";
  drop_unfounded(record, work);
  EXPECT_THAT(record.repository.tags, ElementsAre("1", "2", "3")) << "nobody knows of a 4";
  EXPECT_FALSE(record.states.contains("4"));
  record.repository.images.erase("3");
  drop_unfounded(record, add_named(record, {"1", "3"}));
  EXPECT_THAT(record.repository.tags, ElementsAre("1", "2", "3")) << "what the list had stays";
}

TEST(DueTags, GoByWhatIsWantedThenByWhatIsUnknownThenByVersion) {
  Record record;
  take_tags(record, {"1.2", "1.10", "dev-9", "1.9", "dev-10", "later", "1.11"}, kNow);
  record.states["1.11"] = {.digest = "sha256:x", .due = kNow};
  record.states["later"] = {.digest = "sha256:y", .due = kNow + minutes(1)};
  const auto wanted = [](const std::string& tag) { return tag.starts_with("1.") ? Interest::wanted : Interest::none; };
  EXPECT_THAT(names(due_tags(record, kNow, wanted)),
              ElementsAre("1.10", "1.9", "1.2", "1.11 known", "dev-10", "dev-9"));
}

TEST(NextDue, IsNowForWhatNobodyAskedForAndElseTheEarliest) {
  Record record;
  EXPECT_EQ(next_due(record, kNow, {}), std::nullopt);
  const auto signature = "sha256-" + std::string(64, 'a') + ".sig";
  take_tags(record, {signature}, kNow);
  EXPECT_EQ(next_due(record, kNow, {}), std::nullopt) << "nobody asks for a signature";
  take_tags(record, {signature, "1", "2"}, kNow);
  EXPECT_EQ(next_due(record, kNow, {}), NextDue{kNow});
  record.states["1"] = {.due = kNow + minutes(9)};
  record.states["2"] = {.due = kNow + minutes(5)};
  EXPECT_EQ(next_due(record, kNow, {}), NextDue{kNow + minutes(5)});
  EXPECT_EQ(next_due(record, kNow + minutes(7), {}), NextDue{kNow + minutes(7)}) << "overdue is due now";
  for (const auto at : {kNow, kNow + minutes(5), kNow + minutes(9)})
    EXPECT_EQ(next_due(record, at, {})->at == at, !due_tags(record, at, {}).empty());
}

TEST(NextDue, SaysWhetherAFilterWaits) {
  const auto interest = [](const std::string& tag) { return tag == "2" ? Interest::awaited : Interest::wanted; };
  Record record;
  take_tags(record, {"3", "2", "1"}, kNow);
  record.states["3"] = {.digest = "sha256:3", .due = kNow};
  EXPECT_EQ(next_due(record, kNow, interest), (NextDue{kNow, true}));
  EXPECT_THAT(names(due_tags(record, kNow, interest)), ElementsAre("2", "1", "3 known"));
  record.states["2"] = {.due = kNow, .error = "gone"};
  EXPECT_EQ(next_due(record, kNow, interest), NextDue{kNow}) << "what was asked for once keeps nobody waiting";
}

TEST(Schedule, AsksLessOftenForWhatDoesNotChange) {
  TagState state;
  schedule(state, false, false, kNow, 0);
  EXPECT_EQ(state.due, kNow + hours(1));
  schedule(state, false, false, kNow, 0);
  EXPECT_EQ(state.due, kNow + hours(2));
  schedule(state, true, false, kNow, 0);
  EXPECT_EQ(state.due, kNow + hours(1));
  for (int i = 0; i < 20; ++i) schedule(state, true, false, kNow, 0);
  EXPECT_EQ(state.due, kNow + minutes(5));
  for (int i = 0; i < 20; ++i) schedule(state, false, false, kNow, 0);
  EXPECT_EQ(state.due, kNow + hours(168));
  schedule(state, false, true, kNow, 0);
  EXPECT_EQ(state.due, kNow + hours(24));
}

TEST(Schedule, SpreadsWhatWasAskedForTogether) {
  TagState state;
  schedule(state, false, false, kNow, 1);
  EXPECT_EQ(state.due, kNow + minutes(66));
}

TEST(Schedule, LeavesWhatFailsAloneForLongerAndLonger) {
  TagState state;
  schedule_failure(state, kNow, 0);
  EXPECT_EQ(state.due, kNow + minutes(5));
  state.error = "gone";
  schedule_failure(state, kNow, 0);
  EXPECT_EQ(state.due, kNow + minutes(10));
  schedule(state, false, false, kNow, 0);
  EXPECT_EQ(state.error, "");
}

}  // namespace scan_plan_test
}  // namespace flux::images
