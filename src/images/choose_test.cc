#include "images/choose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace flux::images {
namespace choose_test {

using ::testing::ElementsAre;

struct Known {
  const char* tag;
  const char* created;  ///< "" unknown, "-" no metadata
};

Repository repository(const std::vector<Known>& known) {
  Repository out;
  out.last_update = parse_timestamp("2021-01-01T00:00:00Z");
  for (const auto& [tag, created] : known) {
    out.tags.emplace_back(tag);
    if (std::string_view(created) == "-") continue;
    auto& info = out.images[tag];
    info.id = ImageRef::parse("quay.io/shop/cart").value().with_tag(tag);
    info.created_at = parse_timestamp(std::string_view(created).empty() ? "" : std::string(created) + "T00:00:00Z");
  }
  return out;
}

const ImageRef kCurrent = ImageRef::parse("quay.io/shop/cart:1.0.0").value();

struct Row {
  const char* name;
  const char* pattern;
  Mode mode;
  std::vector<Known> known;
  Outcome outcome;
  const char* tag;
  std::vector<std::string> open{};
};

TEST(ChooseTest, Outcomes) {
  constexpr auto kAuto = Mode::automation;
  constexpr auto kRelease = Mode::release;
  const Row rows[] = {
      {"newest by time",
       "glob:*",
       kAuto,
       {{"1.0.0", "2020-01-01"}, {"b", "2020-02-01"}, {"a", "2020-01-15"}},
       Outcome::update,
       "b"},
      {"what runs is newest",
       "glob:*",
       kAuto,
       {{"1.0.0", "2020-03-01"}, {"b", "2020-02-01"}},
       Outcome::up_to_date,
       "1.0.0"},
      {"the filter may lead back",
       "glob:0.*",
       kAuto,
       {{"1.0.0", "2020-03-01"}, {"0.9", "2020-02-01"}},
       Outcome::update,
       "0.9"},
      {"no tag passes", "glob:x*", kAuto, {{"1.0.0", "2020-03-01"}}, Outcome::no_candidate, ""},
      {"an invalid filter",
       "semver:~3.",
       kAuto,
       {{"1.0.0", "2020-03-01"}, {"3.0.0", "2020-03-01"}},
       Outcome::invalid_filter,
       ""},
      {"metadata is missing",
       "glob:*",
       kAuto,
       {{"1.0.0", "2020-01-01"}, {"b", "-"}, {"a", "-"}},
       Outcome::missing_metadata,
       "",
       {"a", "b"}},
      {"metadata is missing in a release",
       "regexp:.",
       kRelease,
       {{"1.0.0", "2020-01-01"}, {"b", "-"}},
       Outcome::missing_metadata,
       "",
       {"b"}},
      {"missing outside of the filter does not matter",
       "glob:1*",
       kAuto,
       {{"1.0.0", "2020-01-01"}, {"1.1", "2020-02-01"}, {"b", "-"}},
       Outcome::update,
       "1.1"},
      {"a version needs no metadata",
       "semver:*",
       kAuto,
       {{"1.0.0", "-"}, {"1.1", "-"}, {"1.2-rc", "-"}},
       Outcome::update,
       "1.1"},
      {"the current one is gone", "glob:*", kAuto, {{"b", "2020-01-01"}}, Outcome::unknown_time, "", {"1.0.0"}},
      {"the current one is gone, a user releases", "glob:*", kRelease, {{"b", "2020-01-01"}}, Outcome::update, "b"},
      {"the current one is gone, versions decide", "semver:*", kAuto, {{"2", ""}}, Outcome::update, "2"},
      {"the current one has no time",
       "glob:*",
       kAuto,
       {{"1.0.0", ""}, {"b", "2020-01-01"}},
       Outcome::unknown_time,
       "",
       {"1.0.0"}},
      {"none has a time", "glob:*", kAuto, {{"1.0.0", ""}, {"0", ""}}, Outcome::unknown_time, "", {"1.0.0", "0"}},
      {"none has a time, a user releases",
       "glob:*",
       kRelease,
       {{"1.0.0", ""}, {"0", ""}},
       Outcome::up_to_date,
       "1.0.0"},
      {"undated ones come last", "glob:*", kAuto, {{"1.0.0", "2020-01-01"}, {"0", ""}}, Outcome::up_to_date, "1.0.0"},
      {"equal times, the current one among them",
       "glob:*",
       kAuto,
       {{"0", "2020-01-01"}, {"1.0.0", "2020-01-01"}},
       Outcome::up_to_date,
       "1.0.0"},
      {"equal times, the current one older",
       "glob:*",
       kAuto,
       {{"b", "2020-02-01"}, {"a", "2020-02-01"}, {"1.0.0", "2020-01-01"}},
       Outcome::update,
       "a"},
      {"equal times, the current one outside of the filter",
       "regexp:^[ab]",
       kAuto,
       {{"b", "2020-01-01"}, {"a", "2020-01-01"}, {"1.0.0", "2020-01-01"}},
       Outcome::update,
       "a"},
      {"equal versions: the longer text",
       "semver:*",
       kAuto,
       {{"1.0.0", "2020-01-01"}, {"v1.0.0", "2020-01-01"}},
       Outcome::update,
       "v1.0.0"},
      {"a tag without a name is none",
       "glob:*",
       kAuto,
       {{"", "2021-01-01"}, {"1.0.0", "2020-01-01"}},
       Outcome::up_to_date,
       "1.0.0"},
      {"nothing there", "glob:*", kAuto, {}, Outcome::no_candidate, ""},
      {"lower than one that nobody knows", "semver:*", kAuto, {{"0.9", ""}}, Outcome::lower, "", {"0.9"}},
      {"lower than one that nobody knows, a user releases",
       "semver:*",
       kRelease,
       {{"0.9", ""}},
       Outcome::update,
       "0.9"},
      {"lower than one that the filter gave up",
       "semver:<1",
       kAuto,
       {{"0.9", ""}, {"1.0.0", ""}},
       Outcome::update,
       "0.9"},
  };
  for (const auto& row : rows) {
    const auto choice = choose(repository(row.known), TagPattern(row.pattern), kCurrent, row.mode);
    EXPECT_EQ(choice.outcome, row.outcome) << row.name;
    EXPECT_EQ(choice.tag, row.tag) << row.name;
    EXPECT_THAT(choice.open, ::testing::ElementsAreArray(row.open)) << row.name;
  }
}

TEST(ChooseTest, NeverGoesDownWhereThatIsForbidden) {
  const auto known = repository({{"0.9", "2020-02-01"}, {"1.0.0", "2020-03-01"}, {"2.0.0", "2020-04-01"}});
  for (const auto mode : {Mode::automation, Mode::release}) {
    for (const auto* pattern : {"semver:<1", "glob:0.*"}) {
      EXPECT_EQ(choose(known, TagPattern(pattern), kCurrent, mode).tag, "0.9");
      EXPECT_EQ(choose(known, TagPattern(pattern), kCurrent, mode, true).outcome, Outcome::lower) << pattern;
    }
    EXPECT_EQ(choose(known, TagPattern("semver:*"), kCurrent, mode, true).tag, "2.0.0");
  }
}

TEST(ChooseTest, NeverReplacesADigest) {
  const auto pinned = ImageRef::parse("quay.io/shop/cart:1.0.0@sha256:abc").value();
  for (const auto* pattern : {"glob:*", "semver:*"})
    EXPECT_EQ(choose(repository({{"2.0.0", "2020-01-01"}}), TagPattern(pattern), pinned, Mode::release).outcome,
              Outcome::pinned);
}

TEST(ChooseTest, NothingIsKnownBeforeTheFirstScan) {
  EXPECT_EQ(choose({}, TagPattern(), kCurrent, Mode::automation).outcome, Outcome::not_scanned);
}

TEST(ChooseTest, EveryTagHasItsReason) {
  auto known = repository({{"0.9", "2019-01-01"},
                           {"1.0.0", "2020-01-01"},
                           {"1.1", "2020-02-01"},
                           {"undated", ""},
                           {"sha256-aa.sig", ""},
                           {"latest", "2020-03-01"},
                           {"Xray", "2020-04-01"}});
  known.excluded["sha256-aa.sig"] = "a signature";
  EXPECT_THAT(
      choose(known, TagPattern("regexp:^[^X]"), kCurrent, Mode::automation).verdicts,
      ElementsAre(Verdict{"Xray", Why::filter}, Verdict{"latest", Why::latest}, Verdict{"1.1", Why::nothing},
                  Verdict{"1.0.0", Why::older}, Verdict{"0.9", Why::older},
                  Verdict{"sha256-aa.sig", Why::excluded, "a signature"}, Verdict{"undated", Why::unknown_time}));
}

TEST(ChooseTest, SaysWhatBlocksAndWhatIsBlocked) {
  auto known = repository({{"1.0.0", "2020-01-01"}, {"1.1", "2020-02-01"}, {"1.2", "-"}});
  const Verdict blocked[] = {{"1.1", Why::blocked}, {"1.0.0", Why::blocked}};
  EXPECT_THAT(choose(known, TagPattern(), kCurrent, Mode::automation).verdicts,
              ElementsAre(blocked[0], blocked[1], Verdict{"1.2", Why::not_scanned}));
  known.last_error = "quay.io: too many requests";
  EXPECT_THAT(choose(known, TagPattern(), kCurrent, Mode::automation).verdicts,
              ElementsAre(blocked[0], blocked[1], Verdict{"1.2", Why::missing_metadata}));
  known.last_error.clear();
  known.failed["1.2"] = "status 500";
  known.failed["1.1"] = "what is known of it stays known";
  EXPECT_THAT(choose(known, TagPattern(), kCurrent, Mode::automation).verdicts,
              ElementsAre(blocked[0], blocked[1], Verdict{"1.2", Why::missing_metadata, "status 500"}));
}

TEST(ChooseTest, OfEqualTimesTheCurrentOneStays) {
  EXPECT_THAT(choose(repository({{"0", "2020-01-01"}, {"1.0.0", "2020-01-01"}, {"2", "2020-01-01"}}), TagPattern(),
                     kCurrent, Mode::automation)
                  .verdicts,
              ElementsAre(Verdict{"0", Why::same_time}, Verdict{"1.0.0", Why::nothing}, Verdict{"2", Why::older}));
}

TEST(ChooseTest, AnExcludedTagIsNoCandidateEvenIfItRuns) {
  auto known = repository({{"1.0.0", "-"}, {"0.9", "2020-01-01"}});
  known.excluded["1.0.0"] = "windows/amd64";
  EXPECT_EQ(choose(known, TagPattern("semver:*"), kCurrent, Mode::automation).tag, "0.9");
  EXPECT_EQ(choose(known, TagPattern(), kCurrent, Mode::automation).outcome, Outcome::unknown_time);
}

TEST(ChooseTest, EveryReasonHasWords) {
  std::set<std::string_view> words;
  for (int why = 0; why <= static_cast<int>(Why::not_scanned); ++why) words.insert(to_text(static_cast<Why>(why)));
  EXPECT_EQ(words.size(), static_cast<std::size_t>(Why::not_scanned) + 1);
  EXPECT_FALSE(words.contains(""));
}

}  // namespace choose_test
}  // namespace flux::images
