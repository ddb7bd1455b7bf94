#include "cluster/watch_feed.h"

#include <gtest/gtest.h>

#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace watch_feed_test {

using namespace std::chrono_literals;
using Phase = Feed::Phase;

const Clock::time_point kStart = Clock::time_point{} + 1h;

std::string object(const std::string& name, int version) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"shop","resourceVersion":")" + std::to_string(version) +
         "\"}}";
}
std::string event(const std::string& type, const std::string& name, int version) {
  return R"({"type":")" + type + R"(","object":)" + object(name, version) + "}\n";
}
Result<http::ClientResponse> page(int version, const std::string& items, const std::string& next = "") {
  return respond(200, R"({"metadata":{"resourceVersion":")" + std::to_string(version) + R"(","continue":")" + next +
                          R"("},"items":[)" + items + "]}");
}
std::string told(const std::vector<Change>& changes) {
  std::string out;
  for (const auto& [before, after] : changes)
    out += (!before ? "+" : !after ? "-" : "~") + (after ? after : before)->name() + " ";
  return out;
}

/// A feed with `a` (version 5) and `b` (6) listed at 10 and its watch open.
Feed streaming_feed() {
  FeedRules rules;
  rules.selector = "mark";
  Feed feed(kConfigMaps, "", rules);
  feed.begin(kStart);
  EXPECT_EQ(told(feed.listed(page(10, object("a", 5) + "," + object("b", 6)), {kStart})), "+a +b ");
  EXPECT_TRUE(feed.due(kStart));
  EXPECT_EQ(feed.begin(kStart), Phase::streaming);
  return feed;
}

TEST(Feed, lists_then_watches_from_the_lists_version) {
  auto feed = streaming_feed();
  EXPECT_EQ(
      feed.watch_call(300s).path,
      "/api/v1/configmaps?watch=1&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=300&labelSelector=mark");
  EXPECT_TRUE(feed.is_listed());
  EXPECT_FALSE(feed.is_pending());
}

TEST(Feed, follows_events_split_anywhere) {
  const auto all = event("ADDED", "c", 11) + event("MODIFIED", "a", 12) + event("DELETED", "b", 13);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    auto feed = streaming_feed();
    auto seen = told(feed.received(all.substr(0, cut)));
    seen += told(feed.received(all.substr(cut)));
    ASSERT_EQ(seen, "+c ~a -b ") << cut;
    ASSERT_EQ(feed.objects().size(), 2U);
  }
}

/// A feed with more objects than are listed again without a thought, and its watch open.
Feed large_feed() {
  FeedRules rules;
  rules.selector = "mark";
  Feed feed(kConfigMaps, "", rules);
  feed.begin(kStart);
  std::string items;
  for (int i = 0; i < 300; ++i) items += (i ? "," : "") + object("m" + std::to_string(i), 5);
  feed.listed(page(10, items), {kStart});
  feed.begin(kStart);
  return feed;
}

TEST(Feed, resumes_a_broken_watch_of_many_objects_from_the_latest_version) {
  auto feed = large_feed();
  feed.received(event("ADDED", "c", 11) + R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"40"}}})" +
                "\n" + R"({"type":"ADDED","obj)");
  EXPECT_TRUE(feed.sends_bookmarks());
  feed.ended(fail(ErrorKind::server, "reset"), {kStart + 1s});
  EXPECT_EQ(feed.error(), "");
  EXPECT_FALSE(feed.due(kStart + 1s));
  EXPECT_TRUE(feed.due(kStart + 2s));
  EXPECT_EQ(feed.begin(kStart + 2s), Phase::streaming);
  EXPECT_NE(feed.watch_call(300s).path.find("resourceVersion=40"), std::string::npos);
  EXPECT_EQ(told(feed.received(event("ADDED", "d", 41))), "+d ");
}

TEST(Feed, a_watch_that_ends_before_its_time_is_followed_by_a_list_where_that_is_cheap) {
  for (const auto& how : {Result<http::ClientResponse>(fail(ErrorKind::server, "reset")), respond(200)}) {
    auto feed = streaming_feed();
    (void)feed.watch_call(300s);
    feed.ended(how, {kStart + 10s});
    EXPECT_EQ(feed.begin(kStart + 20s), Phase::listing);
    auto large = large_feed();
    (void)large.watch_call(300s);
    large.ended(how, {kStart + 10s});
    EXPECT_EQ(large.begin(kStart + 20s), Phase::streaming);
  }
}

TEST(Feed, believes_a_list_whose_version_has_gone_back) {
  auto feed = streaming_feed();
  feed.received(event("MODIFIED", "a", 40));
  feed.observe(*decode_object(object("b", 41), kConfigMaps.type));
  feed.ended(fail(ErrorKind::server, "reset"), {kStart + 1s});
  ASSERT_EQ(feed.begin(kStart + 20s), Phase::listing);
  EXPECT_EQ(told(feed.listed(page(12, object("a", 5) + "," + object("c", 11)), {kStart})), "~a -b +c ");
  EXPECT_TRUE(feed.take_went_back());
  EXPECT_FALSE(feed.take_went_back());
  EXPECT_EQ(feed.objects().at("shop/a")->resource_version, "5");
  feed.begin(kStart + 20s);
  EXPECT_EQ(told(feed.received(event("MODIFIED", "a", 13))), "~a ") << "and goes on from there";
}

TEST(Feed, an_event_that_is_older_than_what_was_seen_ends_the_watch) {
  auto feed = streaming_feed();
  EXPECT_EQ(told(feed.received(event("MODIFIED", "a", 40) + event("MODIFIED", "b", 12))), "~a ");
  EXPECT_TRUE(feed.is_lost());
  EXPECT_TRUE(feed.take_went_back());
  feed.given_up({kStart});
  EXPECT_EQ(feed.begin(kStart + 1min), Phase::listing);
}

TEST(Feed, an_event_that_cannot_be_read_ends_the_watch) {
  auto feed = streaming_feed();
  EXPECT_EQ(told(feed.received("{\"type\":\"ADDED\",\"object\":7}\n" + event("ADDED", "c", 11))), "");
  EXPECT_TRUE(feed.is_lost());
  EXPECT_NE(feed.error(), "");
  feed.given_up({kStart});
  EXPECT_EQ(feed.begin(kStart + 1min), Phase::listing);
  EXPECT_EQ(told(feed.listed(page(20, object("a", 5) + "," + object("b", 6) + "," + object("c", 11)), {kStart})),
            "+c ");
  EXPECT_EQ(feed.error(), "");
}

TEST(Feed, a_line_that_does_not_end_ends_the_watch) {
  for (const std::string begin : {"", "{\"type\":\"ADDED\"", "\n"}) {
    auto feed = streaming_feed();
    const std::string piece(kMaxObject / 4, ' ');
    feed.received(begin);
    for (int i = 0; i < 4; ++i) feed.received(piece);
    feed.received(" ");
    EXPECT_TRUE(feed.is_lost());
    EXPECT_EQ(feed.error(),
              "cannot watch configmaps: a line of the watch is longer than 8 MiB, the most that fluxd takes");
    EXPECT_EQ(told(feed.received("\n" + event("ADDED", "c", 11))), "") << "nothing that follows is complete";
    feed.given_up({kStart});
    EXPECT_EQ(feed.begin(kStart), Phase::listing);
  }
}

TEST(Feed, lists_again_when_not_all_events_could_be_kept) {
  auto feed = streaming_feed();
  feed.received(event("ADDED", "c", 11));
  feed.overrun();
  ASSERT_TRUE(feed.is_lost());
  feed.given_up({kStart});
  EXPECT_EQ(feed.begin(kStart), Phase::listing);
  EXPECT_EQ(told(feed.listed(page(20, object("d", 15)), {kStart})), "-a -b -c +d ");
  EXPECT_EQ(feed.error(), "");
}

TEST(Feed, asks_for_smaller_pages_where_one_is_too_long) {
  FeedRules rules;
  rules.page_size = 8;
  Feed feed(kConfigMaps, "", rules);
  const auto next_limit = [&] {
    EXPECT_EQ(feed.begin(kStart), Phase::listing);
    const auto path = feed.list_call().path;
    return path.substr(path.find("limit="));
  };
  auto cut = page(9, object("a", 1), "more");
  cut->cut = true;
  EXPECT_EQ(next_limit(), "limit=8");
  feed.listed(page(9, object("a", 1), "more"), {kStart});
  EXPECT_EQ(next_limit(), "limit=8&continue=more");
  EXPECT_EQ(told(feed.listed(cut, {kStart})), "");
  EXPECT_EQ(next_limit(), "limit=2") << "from the beginning";
  feed.listed(cut, {kStart});
  EXPECT_EQ(next_limit(), "limit=1");
  EXPECT_EQ(feed.failures(), 0);
  feed.listed(cut, {kStart});
  EXPECT_EQ(feed.failures(), 1);
  EXPECT_NE(feed.error().find("longer than 32 MiB"), std::string::npos) << feed.error();
  EXPECT_FALSE(feed.is_listed());
}

TEST(Feed, says_that_it_may_list_but_not_watch) {
  auto feed = streaming_feed();
  feed.ended(respond(403), {kStart});
  EXPECT_TRUE(feed.is_unwatchable());
  feed.begin(kStart + 5min);
  feed.listed(page(20, ""), {kStart + 5min});
  EXPECT_TRUE(feed.is_unwatchable());
  feed.keep(true, kStart + 5min);
  feed.begin(kStart + 5min);
  feed.ended(respond(200), {kStart + 10min});
  EXPECT_FALSE(feed.is_unwatchable());
}

TEST(Feed, that_breaks_again_is_incomplete_until_a_list_succeeds) {
  auto feed = streaming_feed();
  auto now = kStart;
  feed.ended(fail(ErrorKind::server, "reset"), {now += 1s});
  feed.begin(now += 1s);
  feed.ended(fail(ErrorKind::server, "refused"), {now});
  EXPECT_NE(feed.error().find("refused"), std::string::npos);
  EXPECT_EQ(feed.begin(now += 10s), Phase::listing);
  feed.listed(respond(503), {now});
  EXPECT_FALSE(feed.error().empty());
  EXPECT_EQ(feed.objects().size(), 2U);
  EXPECT_EQ(feed.begin(now += 10s), Phase::listing);
  EXPECT_EQ(told(feed.listed(page(90, object("b", 80)), {now})), "-a ~b ");
  EXPECT_EQ(feed.error(), "");
  EXPECT_EQ(feed.begin(now), Phase::streaming);
}

TEST(Feed, lists_again_when_its_version_is_too_old) {
  auto by_event = streaming_feed();
  EXPECT_EQ(told(by_event.received(R"({"type":"ERROR","object":{"kind":"Status","code":410}})"
                                   "\n" +
                                   event("ADDED", "x", 99))),
            "");
  by_event.ended(respond(200), {kStart + 1s});
  EXPECT_EQ(by_event.begin(kStart + 2s), Phase::listing);
  EXPECT_EQ(by_event.error(), "");
  auto by_status = streaming_feed();
  by_status.ended(respond(410), {kStart + 1s});
  EXPECT_EQ(by_status.begin(kStart + 2s), Phase::listing);
}

TEST(Feed, a_watch_that_ends_in_time_is_resumed_without_a_list) {
  auto feed = streaming_feed();
  auto now = kStart;
  for (int i = 0; i < 5; ++i) {
    (void)feed.watch_call(300s);
    feed.ended(respond(200), {now += 5min});
    ASSERT_EQ(feed.begin(now += 1s), Phase::streaming) << i;
    ASSERT_EQ(feed.error(), "");
  }
}

TEST(Feed, reads_all_pages_before_it_replaces_anything_and_starts_over_on_410) {
  Feed feed(kConfigMaps, "shop", {});
  feed.begin(kStart);
  EXPECT_EQ(told(feed.listed(page(10, object("a", 1), "token"), {kStart})), "");
  EXPECT_EQ(feed.begin(kStart), Phase::listing);
  EXPECT_TRUE(feed.list_call().path.ends_with("&continue=token"));
  feed.listed(respond(410), {kStart});
  EXPECT_FALSE(feed.is_listed());
  EXPECT_EQ(feed.begin(kStart + 1min), Phase::listing);
  EXPECT_EQ(feed.list_call().path.find("continue"), std::string::npos);
  feed.listed(page(11, object("b", 2), "token2"), {kStart});
  feed.begin(kStart);
  EXPECT_EQ(told(feed.listed(page(11, object("c", 3)), {kStart})), "+b +c ");
}

TEST(Feed, rests_while_there_is_nothing_to_watch_for) {
  Feed feed(kConfigMaps, "", {});
  feed.begin(kStart);
  feed.listed(page(10, ""), {kStart});
  EXPECT_EQ(feed.phase(), Phase::resting);
  feed.look_again(kStart);
  EXPECT_TRUE(feed.is_pending());
  EXPECT_EQ(feed.begin(kStart), Phase::listing);
  feed.listed(page(12, object("a", 11)), {kStart});
  EXPECT_EQ(feed.begin(kStart), Phase::streaming);
  Feed kept(kConfigMaps, "", {});
  kept.begin(kStart);
  kept.listed(page(10, ""), {kStart});
  kept.keep(true, kStart);
  EXPECT_EQ(kept.begin(kStart), Phase::streaming);
}

TEST(Feed, a_refusal_is_an_answer_and_is_asked_again_later) {
  for (const int status : {403, 404}) {
    Feed feed(kConfigMaps, "shop", {});
    feed.begin(kStart);
    feed.listed(respond(status), {kStart});
    EXPECT_EQ(feed.is_forbidden(), status == 403);
    EXPECT_TRUE(feed.is_listed());
    EXPECT_FALSE(feed.is_pending());
    EXPECT_EQ(feed.error(), "");
    EXPECT_FALSE(feed.due(kStart + 4min));
    EXPECT_TRUE(feed.due(kStart + 5min));
    EXPECT_EQ(feed.begin(kStart + 5min), Phase::listing);
  }
}

TEST(Feed, keeps_what_it_has_when_it_may_list_but_not_watch) {
  auto feed = streaming_feed();
  feed.ended(respond(403), {kStart});
  EXPECT_EQ(feed.objects().size(), 2U);
  EXPECT_EQ(feed.error(), "");
  EXPECT_EQ(feed.begin(kStart + 5min), Phase::listing);
}

TEST(Feed, backs_off_further_with_each_failure) {
  Feed feed(kConfigMaps, "", {});
  auto now = kStart;
  Duration last{};
  for (int i = 0; i < 8; ++i) {
    feed.begin(now);
    feed.listed(fail(ErrorKind::server, "refused"), {now});
    const auto wait = feed.due_at() - now;
    EXPECT_GE(wait, last);
    EXPECT_LE(wait, 10s);
    EXPECT_EQ(feed.is_pending(), i < 2);
    last = wait;
    now = feed.due_at();
  }
  EXPECT_EQ(last, 10s);
}

TEST(Feed, shows_our_own_writes_at_once_and_does_not_report_them_again) {
  auto feed = streaming_feed();
  const auto ours = [](const std::string& name, int version) {
    return *decode_object(object(name, version), kConfigMaps.type);
  };
  feed.observe(ours("a", 20));
  feed.observe(ours("new", 21));
  EXPECT_EQ(feed.objects().at("shop/a")->resource_version, "20");
  EXPECT_EQ(told(feed.received(event("MODIFIED", "a", 15) + event("MODIFIED", "a", 20) + event("ADDED", "new", 21))),
            "");
  EXPECT_EQ(told(feed.received(event("MODIFIED", "a", 22))), "~a ");
  feed.observe(ours("a", 20));
  EXPECT_EQ(feed.objects().at("shop/a")->resource_version, "22");
  // Created and deleted again before we were told about our own write.
  EXPECT_EQ(told(feed.received(event("ADDED", "brief", 23) + event("DELETED", "brief", 24))), "+brief -brief ");
  feed.observe(ours("brief", 23));
  EXPECT_FALSE(feed.objects().contains("shop/brief"));
}

TEST(Feed, an_older_list_does_not_undo_our_own_writes) {
  auto feed = streaming_feed();
  feed.ended(respond(410), {kStart});
  feed.begin(kStart + 1s);
  feed.observe(*decode_object(object("new", 50), kConfigMaps.type));
  feed.observe(*decode_object(object("a", 51), kConfigMaps.type));
  EXPECT_EQ(told(feed.listed(page(49, object("a", 5)), {kStart})), "-b ");
  EXPECT_EQ(feed.objects().size(), 2U);
  EXPECT_EQ(feed.objects().at("shop/a")->resource_version, "51");
}

TEST(CompareVersions, counts) {
  EXPECT_LT(compare_versions("9", "10"), 0);
  EXPECT_EQ(compare_versions("10", "10"), 0);
  EXPECT_GT(compare_versions("11", "10"), 0);
  EXPECT_GT(compare_versions("x", "10"), 0);
}

}  // namespace watch_feed_test
}  // namespace flux::cluster
