#include "images/scanner/scanner.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "base/json.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "images/store/memory_store.h"

namespace flux::images {
namespace scanner_test {

using std::chrono::seconds;
using ::testing::ElementsAre;

const std::string kHost = "r.example";

/// A registry in memory whose answers can be held back. Any thread.
class HeldRegistry {
 public:
  void push(const std::string& name, const std::string& tag, const std::string& digest) {
    const std::lock_guard lock(mutex_);
    tags_[name][tag] = digest;
  }
  void forget(const std::string& name) {
    const std::lock_guard lock(mutex_);
    tags_.erase(name);
  }
  /// Whoever asks for an address with `part` in it waits until its context ends, or until let_go().
  void hold(const std::string& part) {
    const std::lock_guard lock(mutex_);
    held_ = part;
  }
  void let_go() { hold(""); }
  /// Waits until so many are held; false after ten seconds.
  bool holds(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, seconds(10), [&] { return waiting_ >= count; });
  }
  std::vector<std::string> heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  void forget_heard() {
    const std::lock_guard lock(mutex_);
    heard_.clear();
  }

  Result<http::ClientResponse> send(const Bounded& ctx, const http::ClientRequest& request) {
    const auto path = request.url.substr(("https://" + kHost + "/v2/").size());
    {
      std::unique_lock lock(mutex_);
      heard_.push_back((request.method == "GET" ? "" : request.method + " ") + path);
      const auto held = [&] { return !held_.empty() && path.find(held_) != std::string::npos; };
      if (held()) {
        ++waiting_;
        changed_.notify_all();
        lock.unlock();
        while (ctx.sleep(std::chrono::milliseconds(1))) {
          const std::lock_guard again(mutex_);
          if (!held()) break;
        }
        lock.lock();
        --waiting_;
      }
      if (ctx.done()) return Failure(ctx.check().error());
    }
    const std::lock_guard lock(mutex_);
    return answer(request.method, path, request.url);
  }

 private:
  http::ClientResponse answer(const std::string& method, const std::string& path, const std::string& url) {
    http::ClientResponse out;
    out.url = url;
    out.status = 200;
    if (path.empty()) return out;
    const auto name = path.substr(0, path.find('/'));
    const auto what = path.substr(name.size() + 1);
    const auto& tags = tags_[name];
    if (what.starts_with("tags/list")) {
      Json list = Json::array();
      for (const auto& [tag, digest] : tags) list.push_back(tag);
      out.body = dump_json(Json{{"name", name}, {"tags", std::move(list)}});
    } else if (what.starts_with("manifests/") && tags.contains(what.substr(10))) {
      const auto& digest = tags.at(what.substr(10));
      out.headers.add("Docker-Content-Digest", digest);
      if (method != "HEAD")
        out.body = R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
                   digest + R"(","size":2},"layers":[]})";
    } else if (what.starts_with("blobs/")) {
      out.body = R"({"created":"2026-01-01T00:00:00Z","os":"linux","architecture":"amd64","config":{}})";
    } else {
      out.status = 404;
    }
    return out;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::map<std::string, std::string>> tags_;
  std::string held_;
  int waiting_ = 0;
  std::vector<std::string> heard_;
};

std::string digest(char c) { return "sha256:" + std::string(64, c); }

class ScannerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const auto* name : {"cart", "shop"}) registry.push(name, "1.0", digest('1'));
  }
  ~ScannerTest() override { registry.let_go(); }

  void start() {
    scanner = std::make_unique<Scanner>(
        ScannerOptions{.rps = 1000},
        ScannerParts{
            .send = [this](const Bounded& ctx, http::ClientRequest request) { return registry.send(ctx, request); },
            .store = store,
            .collect = [this](const Bounded&) -> Result<std::vector<Target>> {
              return std::vector<Target>{{image("cart"), {}, interest}, {image("shop"), {}, interest}};
            },
            .observe = {}},
        log.log());
    ASSERT_TRUE(scanner->start(Context()));
  }
  void start_and_know_all() {
    start();
    ASSERT_TRUE(
        wait_for([&] { return digest_of("cart", "1.0") == digest('1') && digest_of("shop", "1.0") == digest('1'); }));
    registry.forget_heard();
  }

  static ImageRef image(const std::string& name, const std::string& tag = "") { return {kHost, name, tag, {}}; }

  Repository known(const std::string& name) {
    auto record = store.read(bounded(), kHost + "/" + name);
    return record && *record ? std::move((*record)->repository) : Repository();
  }
  /// Empty when nothing is known of the tag.
  std::string digest_of(const std::string& name, const std::string& tag) {
    const auto repository = known(name);
    const auto found = repository.images.find(tag);
    return found == repository.images.end() ? "" : found->second.digest;
  }
  static bool wait_for(const std::function<bool()>& what) {
    const auto ctx = Context().with_timeout(seconds(10));
    while (!what())
      if (!ctx.sleep(std::chrono::milliseconds(1))) return false;
    return true;
  }

  HeldRegistry registry;
  std::function<TagInterest()> interest;  // in all images
  MemoryStore store;
  KeptLog log;
  std::unique_ptr<Scanner> scanner;  // last: it uses all of the above
};

TEST_F(ScannerTest, AllThatFiltersWaitForComesBeforeTheRest) {
  for (const auto* name : {"cart", "shop"}) registry.push(name, "0.9", digest('0'));
  interest = [] { return [](const std::string& tag) { return tag == "0.9" ? Interest::awaited : Interest::wanted; }; };
  start();
  ASSERT_TRUE(wait_for([&] { return !digest_of("cart", "1.0").empty() && !digest_of("shop", "1.0").empty(); }));
  std::vector<std::string> manifests;
  for (const auto& one : registry.heard())
    if (const auto at = one.find("manifests/"); at != std::string::npos) manifests.push_back(one.substr(at + 10));
  EXPECT_THAT(manifests, ElementsAre("0.9", "0.9", "1.0", "1.0"));
}

TEST_F(ScannerTest, ANamedTagIsKnownBeforeTheListHasCome) {
  start_and_know_all();
  registry.push("cart", "1.1", digest('2'));
  registry.hold("tags/list");
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.1")));
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.1") == digest('2'); }));
  EXPECT_THAT(known("cart").tags, ElementsAre("1.0", "1.1"));
  EXPECT_EQ(registry.heard().front(), "cart/manifests/1.1");
  EXPECT_TRUE(registry.holds(1)) << "the list is asked for, too";
}

TEST_F(ScannerTest, WhatIsNotInUseIsNoMatter) {
  start_and_know_all();
  EXPECT_FALSE(scanner->prioritize(image("other", "1.1")));
  EXPECT_TRUE(scanner->prioritize(image("cart")));
  EXPECT_TRUE(wait_for([&] { return !registry.heard().empty(); }));
  EXPECT_EQ(registry.heard().front().substr(0, 4), "cart");
}

TEST_F(ScannerTest, ATagThatWasMovedIsLookedAtAgain) {
  start_and_know_all();
  registry.push("cart", "1.0", digest('2'));
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.0")));
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.0") == digest('2'); }));
}

TEST_F(ScannerTest, ATagThatTheRegistryDoesNotKnowIsNotBelieved) {
  start_and_know_all();
  EXPECT_TRUE(scanner->prioritize(image("cart", "6.6.6")));
  EXPECT_TRUE(wait_for([&] {
    const auto heard = registry.heard();
    return std::ranges::any_of(heard, [](const auto& one) { return one.find("tags/list") != std::string::npos; });
  }));
  EXPECT_THAT(known("cart").tags, ElementsAre("1.0"));
}

TEST_F(ScannerTest, OtherWorkOfTheHostKeepsNoNamedTagWaiting) {
  start_and_know_all();
  registry.hold("shop/tags/list");
  EXPECT_TRUE(scanner->prioritize(image("shop")));
  ASSERT_TRUE(registry.holds(1));
  registry.push("cart", "1.1", digest('2'));
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.1")));
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.1") == digest('2'); }));
}

TEST_F(ScannerTest, AListOfTheSameImageIsPutOffForANamedTag) {
  start_and_know_all();
  registry.hold("tags/list");
  EXPECT_TRUE(scanner->prioritize(image("cart")));
  ASSERT_TRUE(registry.holds(1));
  registry.push("cart", "1.1", digest('2'));
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.1")));
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.1") == digest('2'); }));
  EXPECT_EQ(known("cart").last_error, "");
  ASSERT_TRUE(registry.holds(1)) << "it is asked for again";
  registry.push("cart", "1.2", digest('3'));
  registry.let_go();
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.2") == digest('3'); }));
}

TEST_F(ScannerTest, ATagThatHangsKeepsNoNamedTagWaiting) {
  for (int i = 0; i < 30; ++i) registry.push("cart", "0." + std::to_string(i), digest('1'));
  registry.hold("cart/manifests/0.");
  start();
  ASSERT_TRUE(registry.holds(10));
  registry.push("cart", "1.1", digest('2'));
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.1")));
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.1") == digest('2'); }));
  registry.let_go();
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "0.29") == digest('1'); })) << "the others are not forgotten";
}

TEST_F(ScannerTest, ANamedTagOfAnImageThatWasNeverListedComesWithItsList) {
  registry.hold("cart/tags/list");
  start();
  ASSERT_TRUE(registry.holds(1));
  EXPECT_TRUE(scanner->prioritize(image("cart", "1.0")));
  EXPECT_TRUE(registry.holds(1));
  EXPECT_EQ(known("cart").last_update, std::nullopt) << "one tag is no list";
  registry.let_go();
  EXPECT_TRUE(wait_for([&] { return digest_of("cart", "1.0") == digest('1'); }));
  EXPECT_TRUE(known("cart").last_update);
}

}  // namespace scanner_test
}  // namespace flux::images
