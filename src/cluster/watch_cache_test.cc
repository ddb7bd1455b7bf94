#include "cluster/watch_cache.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <optional>
#include <set>
#include <stdexcept>

#include "base/bell.h"
#include "base/test_bounded.h"
#include "base/test_log.h"
#include "base/test_threads.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace watch_cache_test {

using namespace std::chrono_literals;
using Request = http::ClientRequest;
using Answer = std::optional<Result<http::ClientResponse>>;

const Resource kSecrets{{"v1", "Secret"}, "secrets", true, true, true, true, true};
const Resource kNamespaces{{"v1", "Namespace"}, "namespaces", false, true, true, true, true};

std::string object(const std::string& name, int version, const std::string& ns = "shop") {
  return R"({"metadata":{"name":")" + name + R"(","namespace":")" + ns + R"(","uid":"u","resourceVersion":")" +
         std::to_string(version) + "\"}}";
}
Result<http::ClientResponse> list(const std::string& items) {
  return respond(200, R"({"metadata":{"resourceVersion":"10"},"items":[)" + items + "]}");
}

/// Lists `configmaps` as cm (version 5), nothing else.
Answer one_config_map(const Request& request) {
  if (request.url.find("/configmaps?") != std::string::npos) return list(object("cm", 5));
  return list("");
}

class Watched {
 public:
  explicit Watched(ScriptedTransport::Script script, WatchCache::Options options = {})
      : transport(std::make_shared<ScriptedTransport>(std::move(script))), client(scripted_client(transport)) {
    options.first_backoff = 1ms;
    options.max_backoff = 5ms;
    options.on_change = [this](const Change& change) {
      const std::lock_guard lock(mutex_);
      const auto* what = !change.before ? "+" : !change.after ? "-" : "~";
      seen_ += what + (change.after ? change.after : change.before)->name() + " ";
      heard.ring();
    };
    cache = std::make_unique<WatchCache>(bounded(), *client, std::move(options));
  }
  /// What has been reported, once it is `wanted` or after ten seconds.
  std::string seen(const std::string& wanted) {
    const auto ctx = Context{}.with_timeout(10s);
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (seen_ == wanted || ctx.done()) return seen_;
      }
      heard.wait(ctx, 10s);
    }
  }

  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<Client> client;
  Bell heard;

 private:
  std::mutex mutex_;
  std::string seen_;

 public:
  std::unique_ptr<WatchCache> cache;  // ends before what its callbacks use
};

std::string ids(const LiveSet& live) {
  std::set<std::string> sorted;
  for (const auto& [id, objects] : live) sorted.insert(id.to_string());
  std::string out;
  for (const auto& id : sorted) out += id + " ";
  return out;
}

Bounded patience() { return Context().with_timeout(10s); }

TEST(WatchCache, is_incomplete_until_everything_was_listed) {
  Watched w(one_config_map);
  EXPECT_FALSE(w.cache->complete());
  const std::vector<Resource> all{kConfigMaps, kSecrets};
  w.cache->sweep(all);
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_TRUE(w.cache->complete()) << w.cache->incomplete().front();
  EXPECT_EQ(ids(w.cache->snapshot()), "shop:configmap/cm ");
  EXPECT_EQ(w.seen("+cm "), "+cm ");
}

TEST(WatchCache, watches_what_git_uses_and_what_has_objects) {
  Watched w(one_config_map);
  w.cache->watch("a source", std::vector<Resource>{kDeployments});
  w.cache->sweep(std::vector<Resource>{kConfigMaps, kSecrets, kDeployments});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  ASSERT_TRUE(w.transport->stream(1));
  const auto first = w.transport->stream(0)->request.url;
  const auto second = w.transport->stream(1)->request.url;
  EXPECT_EQ((first + second).find("/secrets"), std::string::npos);
  EXPECT_NE((first + second).find("/configmaps?watch=1"), std::string::npos);
  EXPECT_NE((first + second).find("/deployments?watch=1"), std::string::npos);
}

TEST(WatchCache, reports_events_and_survives_a_broken_stream) {
  std::atomic<int> lists = 0;
  Watched w([&](const Request&) -> Answer {
    return ++lists == 1 ? list(object("cm", 5))
                        : respond(200, R"({"metadata":{"resourceVersion":"11"},"items":[)" + object("cm", 11) + "]}");
  });
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  stream->send(R"({"type":"MODIFIED","object":)" + object("cm", 11) + "}\n");
  EXPECT_EQ(w.seen("+cm ~cm "), "+cm ~cm ");
  stream->end(fail(ErrorKind::server, "reset"));
  auto resumed = w.transport->stream(1);
  ASSERT_TRUE(resumed);
  EXPECT_NE(resumed->request.url.find("resourceVersion=11"), std::string::npos);
  resumed->send(R"({"type":"DELETED","object":)" + object("cm", 12) + "}\n");
  EXPECT_EQ(w.seen("+cm ~cm -cm "), "+cm ~cm -cm ");
  EXPECT_TRUE(w.cache->snapshot().empty());
}

TEST(WatchCache, names_what_cannot_be_listed) {
  Watched w([](const Request& request) -> Answer {
    if (request.url.find("/secrets?") != std::string::npos) return respond(403);
    if (request.url.find("/deployments?") != std::string::npos)
      return respond(503, R"({"kind":"Status","message":"no etcd"})");
    return list("");
  });
  w.cache->sweep(std::vector<Resource>{kSecrets, kDeployments, kConfigMaps});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_EQ(w.cache->forbidden(), std::vector<std::string>{"secrets"});
  EXPECT_EQ(w.cache->incomplete(), std::vector<std::string>{"cannot list deployments.apps: no etcd"});
}

TEST(WatchCache, keeps_to_allowed_namespaces) {
  WatchCache::Options options;
  options.namespaces = {"a", "b"};
  Watched w(
      [](const Request& request) -> Answer {
        if (request.url.find("/namespaces?") != std::string::npos)
          return list(object("a", 1, "") + "," + object("c", 2, ""));
        if (request.url.find("/namespaces/a/") != std::string::npos) return list(object("x", 3, "a"));
        if (request.url.find("/namespaces/b/") != std::string::npos) return respond(403);
        return respond(500);
      },
      options);
  w.cache->sweep(std::vector<Resource>{kConfigMaps, kNamespaces});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_TRUE(w.cache->complete());
  EXPECT_EQ(w.cache->forbidden(), std::vector<std::string>{"configmaps in b"});
  EXPECT_EQ(ids(w.cache->snapshot()), "<cluster>:namespace/a a:configmap/x ");
}

TEST(WatchCache, forgets_types_that_are_no_longer_served) {
  Watched w(one_config_map);
  w.cache->sweep(std::vector<Resource>{kConfigMaps});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  w.cache->sweep(std::vector<Resource>{kSecrets});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_TRUE(stream->stop.stop_requested());
  EXPECT_TRUE(w.cache->snapshot().empty());
}

TEST(WatchCache, tells_when_definitions_change_but_keeps_none) {
  Bell bell;
  WatchCache::Options options;
  options.on_definitions_change = [&] { bell.ring(); };
  Watched w(one_config_map, options);
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  EXPECT_NE(stream->request.url.find("/customresourcedefinitions?watch=1"), std::string::npos);
  EXPECT_EQ(stream->request.url.find("labelSelector"), std::string::npos);
  EXPECT_TRUE(bell.wait(bounded(), 10s));  // of the list
  stream->send(R"({"type":"ADDED","object":)" + object("widgets.example.org", 11, "") + "}\n");
  EXPECT_TRUE(bell.wait(bounded(), 10s));
  EXPECT_TRUE(w.cache->snapshot().empty());
}

TEST(WatchCache, shows_our_writes_at_once) {
  Watched w(one_config_map);
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  w.cache->observe(*decode_object(object("mine", 30), kConfigMaps.type), kConfigMaps);
  EXPECT_EQ(w.cache->snapshot().size(), 2U);
}

TEST(WatchCache, snapshots_tell_what_has_changed_between_them) {
  Watched w(one_config_map);
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  const auto before = w.cache->snapshot();
  stream->send(R"({"type":"ADDED","object":)" + object("new", 12) + "}\n");
  EXPECT_EQ(w.seen("+cm +new "), "+cm +new ");
  w.cache->observe(*decode_object(object("cm", 13), kConfigMaps.type), kConfigMaps);
  EXPECT_EQ(ids(before), "shop:configmap/cm ");
  std::set<std::string> changed;
  const auto after = w.cache->snapshot();
  LiveSet::compare(before, after, [&](const ResourceId& id, const auto*, const auto*) { changed.insert(id.name()); });
  EXPECT_EQ(changed, (std::set<std::string>{"cm", "new"}));
}

TEST(WatchCache, keeps_what_another_owner_uses) {
  Watched w([](const Request&) { return list(""); });
  w.cache->watch("other", std::vector<Resource>{kDeployments});
  const auto kept = w.transport->stream(0);
  w.cache->watch("one", std::vector<Resource>{kNamespaces});
  const auto dropped = w.transport->stream(1);
  ASSERT_TRUE(kept && dropped);
  w.cache->watch("one", std::vector<Resource>{kConfigMaps});
  w.cache->sweep(std::vector<Resource>{kConfigMaps});
  EXPECT_FALSE(kept->stop.stop_requested());
  EXPECT_TRUE(dropped->stop.stop_requested());
}

TEST(WatchCache, lists_everything_again_after_a_failure_of_its_own) {
  const KeptLog kept;
  auto transport = std::make_shared<ScriptedTransport>(one_config_map);
  auto client = scripted_client(transport);
  int calls = 0;
  std::promise<std::string> heard;
  WatchCache::Options options;
  options.on_change = [&](const Change& change) {
    if (++calls == 1) throw std::runtime_error("broken");
    if (change.after) heard.set_value(change.after->name());
  };
  WatchCache cache(bounded().with_log(kept.log()), *client, std::move(options));
  cache.sweep(std::vector<Resource>{kConfigMaps});
  EXPECT_TRUE(kept.wait_for("watching the cluster: broken"));
  EXPECT_EQ(cache.snapshot().size(), 1U) << "what was known stays";
  const auto stream = transport->stream(0);
  ASSERT_TRUE(stream);
  EXPECT_EQ(transport->requests().size(), 3U) << "a list, another one, and the watch";
  EXPECT_TRUE(cache.complete());
  stream->send(R"({"type":"MODIFIED","object":)" + object("cm", 12) + "}\n");
  EXPECT_EQ(heard.get_future().get(), "cm");
}

TEST(WatchCache, looks_at_everything_anew_when_the_server_has_gone_back) {
  std::atomic<bool> restored = false;
  Bell told;
  WatchCache::Options options;
  options.on_restored = [&] { told.ring(); };
  options.on_definitions_change = [] {};
  Watched w(
      [&](const Request& request) -> Answer {
        if (request.url.find("/configmaps?") == std::string::npos) {
          return respond(200,
                         fmt::format(R"({{"metadata":{{"resourceVersion":"{}"}},"items":[]}})", restored ? 4 : 10));
        }
        if (restored) return respond(200, R"({"metadata":{"resourceVersion":"4"},"items":[)" + object("old", 3) + "]}");
        return list(object("cm", 5));
      },
      options);
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  ASSERT_TRUE(w.transport->stream(1));
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_EQ(ids(w.cache->snapshot()), "shop:configmap/cm ");
  restored = true;
  for (const std::size_t i : {0U, 1U})
    if (const auto stream = w.transport->stream(i); stream->request.url.find("customresource") != std::string::npos)
      stream->end(fail(ErrorKind::server, "reset"));
  ASSERT_TRUE(told.wait(bounded(), 10s));
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_EQ(ids(w.cache->snapshot()), "shop:configmap/old ");
}

TEST(WatchCache, watches_everything_where_it_is_told_to) {
  WatchCache::Options options;
  options.watch_all = true;
  Watched w(one_config_map, options);
  w.cache->sweep(std::vector<Resource>{kConfigMaps, kSecrets});
  ASSERT_TRUE(w.transport->stream(1));
  const auto both = w.transport->stream(0)->request.url + w.transport->stream(1)->request.url;
  EXPECT_NE(both.find("/secrets?watch=1"), std::string::npos);
  EXPECT_NE(both.find("/configmaps?watch=1"), std::string::npos);
}

TEST(WatchCache, ends_a_watch_that_it_cannot_follow) {
  Watched w(one_config_map);
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  stream->send("{\"type\":\"ADDED\",\"object\":7}\n");
  EXPECT_TRUE(w.transport->stream(1)) << "after another list";
  EXPECT_TRUE(stream->stop.stop_requested());
}

TEST(WatchCache, lists_again_when_more_is_told_than_it_can_keep) {
  std::promise<void> busy;
  std::promise<void> free;
  Watched w([&, is_free = free.get_future().share()](const Request& request) {
    if (request.url.find("/secrets?") != std::string::npos) {
      busy.set_value();
      is_free.wait();
    }
    return one_config_map(request);
  });
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  w.cache->sweep(std::vector<Resource>{kConfigMaps, kSecrets});
  busy.get_future().wait();
  const auto event = std::string(std::size_t{1} << 20, ' ') +
                     R"({"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"10"}}})" + "\n";
  int events = 0;
  while (stream->send(event)) ASSERT_LT(++events, 64);
  free.set_value();
  EXPECT_TRUE(w.transport->stream(1)) << "after another list";
  EXPECT_TRUE(stream->stop.stop_requested());
  EXPECT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_TRUE(w.cache->complete());
}

TEST(WatchCache, lists_again_after_a_deletion_that_no_watch_will_tell) {
  std::atomic<bool> gone = false;
  Watched w([&](const Request&) { return list(gone ? "" : object("cm", 5)); });
  w.cache->watch("a source", std::vector<Resource>{kConfigMaps});
  const auto stream = w.transport->stream(0);
  ASSERT_TRUE(stream);
  stream->end(respond(403));
  while (w.cache->unwatchable().empty()) std::this_thread::yield();
  gone = true;
  w.cache->observe_deletion(kConfigMaps, "shop");
  ASSERT_TRUE(w.cache->wait_listed(patience()));
  EXPECT_TRUE(w.cache->snapshot().empty());
}

TEST(WatchCache, says_that_it_has_no_thread_and_looks_for_one_again) {
  std::optional<NoMoreThreads> none(std::in_place);
  const auto w = std::make_unique<Watched>(one_config_map);
  none.reset();
  EXPECT_THAT(w->cache->incomplete(), ::testing::Contains(::testing::HasSubstr("no thread can be started")));
  EXPECT_TRUE(w->cache->wait_listed(patience()));
  w->cache->sweep(std::vector<Resource>{kConfigMaps});
  EXPECT_TRUE(w->cache->wait_listed(patience()));
  EXPECT_TRUE(w->cache->complete());
}

TEST(WatchCache, ends_with_its_context) {
  std::stop_source stop;
  auto transport = std::make_shared<ScriptedTransport>(one_config_map);
  auto client = scripted_client(transport);
  WatchCache cache(bounded(stop.get_token()), *client, {});
  cache.watch("a source", std::vector<Resource>{kConfigMaps});
  const auto stream = transport->stream(0);
  ASSERT_TRUE(stream);
  std::promise<void> ended;
  const std::stop_callback on_end(stream->stop, [&] { ended.set_value(); });
  stop.request_stop();
  EXPECT_EQ(ended.get_future().wait_for(10s), std::future_status::ready);
}

}  // namespace watch_cache_test
}  // namespace flux::cluster
