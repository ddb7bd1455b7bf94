#include "cluster/client.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/json.h"
#include "base/test_bounded.h"
#include "cluster/established.h"
#include "cluster/marker.h"
#include "cluster/scripted_transport.h"

namespace flux::cluster {
namespace client_test {

using namespace std::chrono_literals;
using Request = http::ClientRequest;

std::string object_named(const std::string& name, const std::string& version = "5") {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"shop","uid":"u","resourceVersion":")" + version + "\"}}";
}

/// Gives the answers in turn, the last one for good.
ScriptedTransport::Script in_turn(std::vector<Result<http::ClientResponse>> answers) {
  return [answers = std::move(answers), next = std::size_t{0}](const Request&) mutable {
    return std::optional(answers[std::min(next++, answers.size() - 1)]);
  };
}

struct Fixture {
  explicit Fixture(ScriptedTransport::Script script, ClientOptions options = {})
      : transport(std::make_shared<ScriptedTransport>(std::move(script))),
        client(scripted_client(transport, std::move(options))) {}
  std::shared_ptr<ScriptedTransport> transport;
  std::unique_ptr<Client> client;
};

TEST(Apply, sends_a_forced_server_side_apply_and_reads_metadata_back) {
  Fixture f(in_turn({respond(200, object_named("a"))}));
  const auto object = f.client->apply(bounded(), {kConfigMaps, "shop", "a", R"({"x":1})"});
  ASSERT_TRUE(object) << object.error().message;
  EXPECT_EQ(object->id.to_string(), "shop:configmap/a");
  const auto request = f.transport->requests().at(0);
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.url, "https://api.test/api/v1/namespaces/shop/configmaps/a?fieldManager=fluxd&force=true");
  EXPECT_EQ(request.headers.get("Content-Type"), "application/apply-patch+yaml");
  EXPECT_EQ(request.headers.get("Accept"), std::string(kAcceptMetadata));
  EXPECT_EQ(request.authorization, Secret("Bearer t0ken"));
  EXPECT_EQ(request.body, R"({"x":1})");
  ASSERT_TRUE(f.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}", true}));
  EXPECT_TRUE(f.transport->requests().at(1).url.ends_with("&dryRun=All"));
}

TEST(Retries, go_on_while_the_server_may_recover) {
  for (const int status : {409, 429, 500, 502, 503, 504}) {
    Fixture f(in_turn({respond(status), respond(status), respond(200, object_named("a"))}));
    EXPECT_TRUE(f.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}"})) << status;
    EXPECT_EQ(f.transport->requests().size(), 3U) << status;
  }
  Fixture broken(in_turn({fail(ErrorKind::server, "connection reset"), respond(200, object_named("a"))}));
  EXPECT_TRUE(broken.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}"}));
}

TEST(Retries, end_with_the_attempts_and_say_why) {
  Fixture f(in_turn({respond(503, R"({"kind":"Status","message":"draining"})")}));
  const auto object = f.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}"});
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, 503);
  EXPECT_EQ(object.error().message, "shop:configmap/a: draining");
  EXPECT_EQ(f.transport->requests().size(), 6U);
}

TEST(Retries, are_not_made_for_final_answers) {
  for (const int status : {400, 403, 404, 410, 422}) {
    Fixture f(in_turn({respond(status)}));
    EXPECT_EQ(f.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}"}).error().code, status);
    EXPECT_EQ(f.transport->requests().size(), 1U) << status;
  }
}

TEST(Retries, read_refused_credentials_again_once) {
  Fixture f(in_turn({respond(401)}));
  EXPECT_EQ(f.client->get(bounded(), "/version").error().code, 401);
  EXPECT_EQ(f.transport->requests().size(), 2U);
}

TEST(Context, end_ends_a_request_and_its_retries) {
  Fixture silent([](const Request&) { return std::nullopt; });
  const auto unanswered = silent.client->get(Context{}.with_timeout(20ms), "/version");
  ASSERT_FALSE(unanswered);
  EXPECT_EQ(unanswered.error().kind, ErrorKind::cancelled);

  Fixture busy(in_turn({respond(429, "", {{"Retry-After", "2"}})}));
  const auto began = Clock::now();
  const auto waited = busy.client->get(Context{}.with_timeout(20ms), "/version");
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().kind, ErrorKind::cancelled);
  EXPECT_LT(Clock::now() - began, 10s);
}

TEST(Context, a_request_without_answer_in_its_own_time_is_tried_again) {
  std::atomic<int> calls = 0;
  ClientOptions options;
  options.request_timeout = 20ms;
  Fixture f(
      [&](const Request&) {
        return ++calls == 1 ? std::optional<Result<http::ClientResponse>>{}
                            : respond(200, R"({"gitVersion":"v1.36.3"})");
      },
      options);
  EXPECT_EQ(f.client->server_version(bounded()).value(), "v1.36.3");
}

TEST(ApplyAll, keeps_order_and_isolates_failures) {
  Fixture f([](const Request& request) -> std::optional<Result<http::ClientResponse>> {
    const auto name = request.body;
    if (name == "3") return respond(422, R"({"kind":"Status","reason":"Invalid","message":"no"})");
    return respond(200, object_named("cm-" + name));
  });
  std::vector<ApplyRequest> requests;
  for (int i = 0; i < 100; ++i) requests.push_back({kConfigMaps, "shop", "cm-" + std::to_string(i), std::to_string(i)});
  const auto results = f.client->apply_all(bounded(), requests);
  ASSERT_EQ(results.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    ASSERT_EQ(results[i].has_value(), i != 3) << i;
    if (i != 3) {
      EXPECT_EQ(results[i]->name(), "cm-" + std::to_string(i));
    }
  }
  EXPECT_EQ(results[3].error().reason, "Invalid");
  EXPECT_EQ(results[3].error().kind, ErrorKind::user);
}

TEST(ApplyAll, gives_every_request_a_result_when_stopped_half_way) {
  std::stop_source stop;
  std::atomic<int> calls = 0;
  Fixture f([&](const Request& request) -> std::optional<Result<http::ClientResponse>> {
    if (++calls < 30) return respond(200, object_named(request.body));
    stop.request_stop();
    return std::nullopt;
  });
  std::vector<int> outcomes(200, 0);
  f.client->apply_all(
      bounded(stop.get_token()), 200,
      [](std::size_t i) { return ApplyRequest{kConfigMaps, "shop", "x", std::to_string(i)}; },
      [&](std::size_t i, const ApiResult<Object>& result) {
        ++outcomes[i];
        if (!result) {
          EXPECT_EQ(result.error().kind, ErrorKind::cancelled);
        }
      });
  EXPECT_TRUE(std::ranges::all_of(outcomes, [](int n) { return n == 1; }));
  EXPECT_LT(f.transport->requests().size(), 100U);
}

TEST(ApplyAll, hands_on_each_warning_once_for_a_kind) {
  Fixture f([](const Request& request) -> std::optional<ScriptedTransport::Answer> {
    if (request.url.find("/bad") != std::string::npos)
      return respond(422, "{}", {{"Warning", R"(299 - "of a refusal")"}});
    const bool is_map = request.url.find("configmaps") != std::string::npos;
    return respond(200, object_named("a"),
                   {{"Warning", R"(299 - "old")"}, {"Warning", is_map ? "" : R"(299 - "new")"}});
  });
  const std::vector<ApplyRequest> requests{{kConfigMaps, "shop", "a", "{}"},
                                           {kConfigMaps, "shop", "b", "{}"},
                                           {kConfigMaps, "shop", "bad", "{}"},
                                           {kDeployments, "shop", "c", "{}"}};
  std::vector<std::string> heard;
  const auto apply = [&] {
    f.client->apply_all(
        bounded(), requests.size(), [&](std::size_t i) { return requests[i]; }, [](std::size_t, const auto&) {},
        [&](std::size_t i, const std::string& text, bool) { heard.push_back(requests[i].name + ": " + text); });
  };
  apply();
  EXPECT_EQ(heard, (std::vector<std::string>{"a: old", "c: old", "c: new"}));
  apply();
  EXPECT_EQ(heard.size(), 3U) << "not with every request";
}

TEST(List, follows_pages_and_starts_over_when_the_server_forgets) {
  const auto page = [](const std::string& name, const std::string& next) {
    return respond(200, R"({"metadata":{"resourceVersion":"1","continue":")" + next + R"("},"items":[)" +
                            object_named(name) + "]}");
  };
  Fixture f(in_turn({page("old", "t1"), respond(410), page("a", "t2"), page("b", "")}));
  const auto objects = f.client->list(bounded(), kConfigMaps, "", "fluxcd.io/sync-gc-mark");
  ASSERT_TRUE(objects) << objects.error().message;
  ASSERT_EQ(objects->size(), 2U);
  EXPECT_EQ(objects->at(0).name(), "a");
  const auto requests = f.transport->requests();
  EXPECT_EQ(requests.at(0).url, "https://api.test/api/v1/configmaps?limit=250&labelSelector=fluxcd.io%2Fsync-gc-mark");
  EXPECT_TRUE(requests.at(1).url.ends_with("&continue=t1"));
  EXPECT_EQ(requests.at(2).url, requests.at(0).url);
}

/// Answers a page of more than `most` objects with one that is cut.
ScriptedTransport::Script with_room_for(std::size_t most) {
  return [most](const Request& request) {
    const auto limit = std::stoul(request.url.substr(request.url.find("limit=") + 6));
    auto answer = respond(200, R"({"metadata":{"resourceVersion":"10"},"items":[)" + object_named("a") + "]}");
    if (limit > most) answer->cut = true;
    return std::optional(answer);
  };
}

TEST(List, asks_for_less_where_a_page_is_too_long) {
  Fixture f(with_room_for(20), {.page_size = 250});
  const auto objects = f.client->list(bounded(), kConfigMaps, "");
  ASSERT_TRUE(objects) << objects.error().message;
  EXPECT_EQ(objects->size(), 1U);
  const auto requests = f.transport->requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_TRUE(requests.back().url.ends_with("limit=15"));
  EXPECT_EQ(requests.back().max_body, kMaxPage);
}

TEST(List, of_an_object_that_is_too_long_names_url_and_limit) {
  Fixture f(with_room_for(0), {.page_size = 4});
  const auto objects = f.client->list(bounded(), kConfigMaps, "");
  ASSERT_FALSE(objects);
  EXPECT_TRUE(objects.error().too_long);
  EXPECT_EQ(objects.error().message,
            "listing configmaps: the answer of https://api.test/api/v1/configmaps is longer than 32 MiB, the most "
            "that fluxd takes");
  EXPECT_FALSE(objects.error().help.empty());
}

TEST(Apply, does_not_repeat_a_request_whose_answer_is_too_long) {
  auto answer = respond(200, object_named("a"));
  answer->cut = true;
  Fixture f(in_turn({answer}));
  const auto object = f.client->apply(bounded(), {kConfigMaps, "shop", "a", "{}"});
  ASSERT_FALSE(object);
  EXPECT_NE(object.error().message.find("longer than 8 MiB"), std::string::npos) << object.error().message;
  EXPECT_EQ(f.transport->requests().size(), 1U);
}

TEST(Remove, carries_its_preconditions_and_takes_gone_for_done) {
  Fixture f(in_turn({respond(200), respond(404), respond(409)}));
  const DeleteRequest request{kDeployments, "shop", "web", "uid-1", "42"};
  EXPECT_TRUE(f.client->remove(bounded(), request));
  EXPECT_TRUE(f.client->remove(bounded(), request));
  EXPECT_TRUE(f.client->remove(bounded(), request).error().conflict());
  const auto sent = parse_sorted_json(f.transport->requests().at(0).body).value();
  EXPECT_EQ(sent["preconditions"], SortedJson({{"uid", "uid-1"}, {"resourceVersion", "42"}}));
  EXPECT_EQ(sent["propagationPolicy"], "Background");
  EXPECT_EQ(f.transport->requests().size(), 3U);
}

TEST(TakeOver, reads_again_after_a_conflict) {
  const auto applied = [](const std::string& version) {
    return respond(
        200, R"({"metadata":{"name":"web","resourceVersion":")" + version +
                 R"(","managedFields":[{"manager":"kubectl-client-side-apply","operation":"Update","fieldsV1":{}}]}})");
  };
  Fixture f(in_turn({applied("1"), respond(409), applied("2"), respond(200, object_named("web"))}));
  const Client::Target target{kDeployments, "shop", "web"};
  const auto taken = f.client->take_over_all(bounded(), std::span(&target, 1)).front();
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_TRUE(*taken);
  EXPECT_NE(f.transport->requests().at(3).body.find(R"("value":"2")"), std::string::npos);
  EXPECT_EQ(f.transport->requests().at(3).headers.get("Content-Type"), "application/json-patch+json");
}

TEST(SyncMarker, is_created_empty_when_absent) {
  Fixture f(in_turn({respond(200, object_named("flux-git-deploy")), respond(200, object_named("flux-git-deploy"))}));
  EXPECT_EQ(read_sync_marker(bounded(), *f.client, "flux", "flux-git-deploy").value(), "");
  EXPECT_EQ(f.transport->requests().at(1).body, R"({"metadata":{"annotations":{"flux.weave.works/sync-hwm":""}}})");
  Fixture set(
      in_turn({respond(200, R"({"metadata":{"name":"s","annotations":{"flux.weave.works/sync-hwm":"abc"}}})")}));
  EXPECT_EQ(read_sync_marker(bounded(), *set.client, "flux", "s").value(), "abc");
  EXPECT_EQ(set.transport->requests().size(), 1U);
  Fixture missing(in_turn({respond(404)}));
  EXPECT_EQ(read_sync_marker(bounded(), *missing.client, "flux", "s").error().kind, ErrorKind::missing);
}

TEST(WaitEstablished, waits_for_the_condition_and_for_the_objects_path) {
  const auto definition = [](const char* conditions) {
    return respond(200, std::string(R"({"spec":{"group":"example.org","names":{"plural":"widgets"},"versions":[
        {"name":"v1","served":true},{"name":"v0","served":false}]},"status":{"conditions":[)") +
                            conditions + "]}}");
  };
  Fixture f(
      in_turn({definition(""), definition(R"({"type":"Established","status":"True"})"), respond(404), respond(200)}));
  const std::vector<std::string> names{"widgets.example.org"};
  EXPECT_TRUE(wait_established(bounded(), *f.client, names));
  EXPECT_EQ(f.transport->requests().at(3).url, "https://api.test/apis/example.org/v1/widgets?limit=1");

  Fixture refused(in_turn({definition(R"({"type":"NamesAccepted","status":"False","message":"taken"})")}));
  EXPECT_EQ(wait_established(bounded(), *refused.client, names).error().kind, ErrorKind::user);

  Fixture never(in_turn({definition("")}));
  const auto late = wait_established(Context{}.with_timeout(50ms), *never.client, names);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::cancelled);
}

}  // namespace client_test
}  // namespace flux::cluster
