// The cases of tests/cases that are exchanges with a registry: one scan each, against servers that play it.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/base64.h"
#include "base/json.h"
#include "base/test_log.h"
#include "http/testing/client_and_server.h"
#include "http/url.h"
#include "images/registry/session.h"
#include "images/scanner/scan.h"
#include "images/scanner/scan_plan.h"
#include "images/testing/exchange.h"

namespace flux::images {
namespace registry_cases_test {

using ::testing::HasSubstr;
using ::testing::Not;

Json read_json(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  auto json = parse_json(text.str());
  if (!json) throw std::runtime_error("not JSON: " + file.string());
  return *json;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FLUX_CASES))
    if (std::filesystem::exists(entry.path() / "exchange.json")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

class RegistryCase : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto folder = std::filesystem::path(FLUX_CASES) / GetParam();
    asked = read_json(folder / "exchange.json");
    expected = read_json(folder / "expect.json");
    exchange = std::make_unique<Exchange>(asked);
    for (const auto& flag : asked.at("flags")) {
      const auto text = exchange->with_addresses(flag);
      if (text.starts_with("--registry-insecure-host=")) options.insecure_hosts.push_back(text.substr(25));
      // Where a case has well-known hosts, the servers stand for them.
      static const std::regex kStandsFor(R"((\S+\.\S+) to (127\.0\.0\.1:\d+))");
      for (std::sregex_iterator at(text.begin(), text.end(), kStandsFor), end; at != end; ++at)
        stands_for[(*at)[1]] = (*at)[2];
    }
  }

  /// As the client sends it, but for hosts that a server stands for.
  Result<http::ClientResponse> send(const Bounded& ctx, http::ClientRequest request) {
    const auto original = request.url;
    for (const auto& [host, address] : stands_for)
      if (const auto prefix = "https://" + host + "/"; request.url.starts_with(prefix))
        request.url = "http://" + address + "/" + request.url.substr(prefix.size());
    const auto sent = request.url;
    auto answer = client->send(ctx, std::move(request));
    if (answer && answer->url == sent) answer->url = original;
    return answer;
  }

  /// Of the case, or of a scan before.
  Record previous() const {
    Record record;
    if (!asked.contains("previous") || !asked.at("previous").is_object()) return record;
    record.repository.tags = asked.at("previous").at("tags").get<std::vector<std::string>>();
    record.repository.last_update = Timestamp{};
    return record;
  }

  ImageRef image() const { return ImageRef::parse(exchange->with_addresses(asked.at("image"))).value().canonical(); }

  void scan(Record& record) {
    Target target{image()};
    if (const auto& known = asked.at("credentials"); known.is_object())
      target.credential = Credential{known.at("username"), Secret(known.at("password").get<std::string>()), "test"};
    const Context context({}, log.log());
    const Requests requests(
        [this](const Bounded& ctx, http::ClientRequest request) { return send(ctx, std::move(request)); }, options,
        limits, log.log(), target.image.domain);
    const auto ctx = context.with_timeout(std::chrono::seconds(60));
    auto session = RegistrySession::open(ctx, requests, hosts, target.image, target.credential);
    const auto tags =
        session ? scan_tags(ctx, **session, {}, record, {}) : RegistryResult<bool>(registry_failure(session.error()));
    if (!session) record.repository.last_error = session.error().error.message;
    if (tags) scan_due(ctx, **session, target, {}, record, {});
  }

  Json asked;
  Json expected;
  std::unique_ptr<Exchange> exchange;
  std::map<std::string, std::string> stands_for;
  RegistryOptions options;
  KeptLog log;
  RateLimits limits{200, 10, log.log()};
  RegistryHosts hosts;
  std::unique_ptr<http::Client> client = http::testing::make_client();
};

/// Calls `check` with each element of a list, if there is one.
void each(const Json& object, const char* key, const std::function<void(const Json&)>& check) {
  if (!object.contains(key) || !object.at(key).is_array()) return;
  for (const auto& element : object.at(key)) check(element);
}

/// The same with key and value of each member of an object.
void each_member(const Json& object, const char* key,
                 const std::function<void(const std::string&, const Json&)>& check) {
  if (!object.contains(key) || !object.at(key).is_object()) return;
  for (const auto& [name, value] : object.at(key).items()) check(name, value);
}

void check_image(const std::string& tag, const Json& wanted, const Record& record) {
  const auto found = record.repository.images.find(tag);
  ASSERT_NE(found, record.repository.images.end()) << tag;
  const auto& info = found->second;
  const auto created = info.created_at ? Json(format_timestamp(*info.created_at)) : Json(nullptr);
  EXPECT_EQ(created, wanted.value("created", Json(nullptr))) << tag;
  EXPECT_EQ(info.image_id, wanted.value("image_id", info.image_id)) << tag;
  EXPECT_EQ(info.digest, wanted.value("digest", info.digest)) << tag;
  each_member(wanted, "labels", [&](const auto& name, const Json& value) {
    EXPECT_EQ(to_json(info).at("Labels").value(name, ""), value) << tag;
  });
}

/// In any form in which a secret may travel.
bool holds_secret(const Heard& heard, const Json& credentials) {
  const std::string password = credentials.at("password");
  const std::string user = credentials.at("username");
  for (const auto& text : {heard.raw_query, heard.authorization, heard.body, heard.path})
    for (const auto& secret : {password, user, encode_base64(user + ":" + password), http::encode_query(password)})
      if (text.find(secret) != std::string::npos) return true;
  return false;
}

void check_requests(const Json& wanted, const std::vector<Heard>& heard) {
  const auto is = [](const Heard& one, const Json& request) {
    return one.host == request.at("host") && (!request.contains("path") || one.path == request.at("path")) &&
           (!request.contains("raw_query") || one.raw_query == request.at("raw_query")) &&
           (!request.contains("query_contains") || one.raw_query.find("service=&") != std::string::npos);
  };
  const auto times = [&](const Json& request) {
    return std::ranges::count_if(heard, [&](const auto& one) { return is(one, request); });
  };
  each(wanted, "must", [&](const Json& request) { EXPECT_GT(times(request), 0) << request; });
  each(wanted, "must_not", [&](const Json& request) { EXPECT_EQ(times(request), 0) << request; });
  each_member(wanted, "max_path", [&](const auto& path, const Json& most) {
    EXPECT_LE(std::ranges::count(heard, path, &Heard::path), most.get<int>()) << path;
  });
  if (!wanted.contains("quiet_ms_after_429")) return;
  const auto limited = std::ranges::find(heard, 429, &Heard::status);
  ASSERT_NE(limited, heard.end());
  const auto pause = std::chrono::milliseconds(wanted.at("quiet_ms_after_429").get<int>());
  for (auto later = limited + 1; later != heard.end(); ++later) {
    const auto after = later->at - limited->at;
    // What was under way already counts as before.
    EXPECT_TRUE(after < std::chrono::milliseconds(100) || after >= pause) << later->path;
  }
}

TEST_P(RegistryCase, HasTheRightOutcome) {
  auto record = previous();
  scan(record);
  const auto heard = exchange->heard();

  if (expected.at("tags").is_null()) {
    EXPECT_FALSE(record.repository.last_update);
  } else {
    EXPECT_EQ(Json(record.repository.tags), expected.at("tags")) << record.repository.last_error;
  }
  each_member(expected, "images", [&](const auto& tag, const Json& wanted) { check_image(tag, wanted, record); });
  each(expected, "no_metadata", [&](const Json& tag) { EXPECT_FALSE(record.repository.images.contains(tag)) << tag; });
  each_member(expected, "excluded", [&](const auto& tag, const Json& reason) {
    EXPECT_THAT(record.repository.excluded[tag], HasSubstr(reason.get<std::string>())) << tag;
  });
  each(expected, "error_contains",
       [&](const Json& text) { EXPECT_THAT(record.repository.last_error, HasSubstr(exchange->with_addresses(text))); });
  each(expected, "log_contains",
       [&](const Json& text) { EXPECT_THAT(log.text(), HasSubstr(text.get<std::string>())); });
  check_requests(expected.value("requests", Json::object()), heard);
  const auto canonical = image().name();
  EXPECT_EQ(canonical, expected.value("canonical", canonical));

  const auto& credentials = asked.at("credentials");
  if (!credentials.is_object()) return;
  const auto password = credentials.at("password").get<std::string>();
  EXPECT_THAT(log.text(), Not(HasSubstr(password)));
  EXPECT_THAT(record.repository.last_error, Not(HasSubstr(password)));
  const auto secrets = expected.value("secrets", Json::object());
  const auto told = [&](const Json& host) {
    return std::ranges::any_of(heard,
                               [&](const auto& one) { return one.host == host && holds_secret(one, credentials); });
  };
  each(secrets, "never_to", [&](const Json& host) { EXPECT_FALSE(told(host)) << host; });
  each(secrets, "sent_to", [&](const Json& host) { EXPECT_TRUE(told(host)) << host; });
}

/// What has just been learned is not asked for again.
TEST_P(RegistryCase, AsksForNoTagTwice) {
  auto record = previous();
  scan(record);
  if (!record.repository.last_update || !record.repository.last_error.empty()) return;
  const auto before = exchange->heard().size();
  scan(record);
  const auto heard = exchange->heard();
  for (auto i = before; i < heard.size(); ++i) EXPECT_THAT(heard[i].path, Not(HasSubstr("/manifests/")));
}

INSTANTIATE_TEST_SUITE_P(All, RegistryCase, ::testing::ValuesIn(cases()), [](const auto& row) {
  auto name = row.param;
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

}  // namespace registry_cases_test
}  // namespace flux::images
