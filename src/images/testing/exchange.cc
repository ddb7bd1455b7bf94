#include "images/testing/exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/base64.h"
#include "base/guarded.h"
#include "http/testing/client_and_server.h"

namespace flux::images {
namespace {

struct Rule {
  std::string host;
  std::string path;
  std::optional<std::map<std::string, std::string>> query;
  std::string authorization;  ///< as it has to arrive; `none`; empty: any
  std::vector<std::string> accept;
  int times = -1;  ///< how often it may answer; -1: always
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

std::string text_of(const Json& json) { return json.is_string() ? json.get<std::string>() : dump_json(json); }

/// `basic USER PASSWORD` and `bearer TOKEN` as they arrive.
std::string authorization_of(const std::string& text) {
  if (text.starts_with("bearer ")) return "Bearer " + text.substr(7);
  if (!text.starts_with("basic ")) return text;
  const auto rest = text.substr(6);
  const auto space = rest.find(' ');
  return "Basic " + encode_base64(rest.substr(0, space) + ":" + rest.substr(space + 1));
}

Rule rule_of(const Json& json) {
  Rule rule;
  rule.host = json.at("host").get<std::string>();
  rule.path = json.at("path").get<std::string>();
  if (const auto query = json.find("query"); query != json.end() && query->is_object()) {
    rule.query.emplace();
    for (const auto& [key, value] : query->items()) (*rule.query)[key] = text_of(value);
  }
  if (const auto when = json.find("when"); when != json.end() && when->is_object()) {
    if (when->contains("authorization")) rule.authorization = authorization_of(when->at("authorization"));
    if (when->contains("accept_contains")) rule.accept = when->at("accept_contains").get<std::vector<std::string>>();
  }
  if (const auto times = json.find("times"); times != json.end() && times->is_number()) rule.times = *times;
  rule.status = json.at("status");
  if (json.contains("headers")) {
    for (const auto& [key, value] : json.at("headers").items()) {
      if (value.is_array())
        for (const auto& one : value) rule.headers.emplace_back(key, text_of(one));
      else
        rule.headers.emplace_back(key, text_of(value));
    }
  }
  if (json.contains("body")) rule.body = text_of(json.at("body"));
  return rule;
}

std::map<std::string, std::string> raw_query(const std::string& target) {
  std::map<std::string, std::string> values;
  const auto question = target.find('?');
  if (question == std::string::npos) return values;
  std::istringstream query(target.substr(question + 1));
  for (std::string pair; std::getline(query, pair, '&');) {
    const auto equals = std::min(pair.find('='), pair.size());
    values[pair.substr(0, equals)] = pair.substr(std::min(equals + 1, pair.size()));
  }
  return values;
}

bool fits(const Rule& rule, const std::string& host, const http::ServerRequest& request) {
  if (rule.times == 0 || rule.host != host || rule.path != request.path) return false;
  // Some cases write a value as it is sent, to see that it stays so.
  if (rule.query && *rule.query != std::map<std::string, std::string>(request.query.begin(), request.query.end()) &&
      *rule.query != raw_query(request.target))
    return false;
  const auto authorization = request.headers.get("Authorization").value_or("none");
  if (!rule.authorization.empty() && rule.authorization != authorization) return false;
  const auto accept = request.headers.get("Accept").value_or("");
  return std::ranges::all_of(rule.accept, [&](const auto& type) { return accept.find(type) != std::string::npos; });
}

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

struct Exchange::State {
  Mutex mutex;
  std::vector<Rule> rules GUARDED_BY(mutex);
  std::vector<Heard> heard GUARDED_BY(mutex);
  Rule otherwise;
  std::map<std::string, std::unique_ptr<http::Server>> servers;

  std::string with_addresses(std::string text) const {
    for (const auto& [name, server] : servers) {
      const auto address = fmt::format("127.0.0.1:{}", server->port());
      replace_all(text, "{" + name + "_URL}", "http://" + address);
      replace_all(text, "{" + name + "}", address);
    }
    if (const auto at = text.find("{HTTP_DATE+"); at != std::string::npos) {
      const auto end = text.find('}', at);
      const std::time_t when = std::time(nullptr) + std::stoi(text.substr(at + 11, end - at - 11));
      std::tm utc{};
      ::gmtime_r(&when, &utc);
      char date[64];
      const auto length = std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
      text.replace(at, end + 1 - at, std::string(date, length));
    }
    return text;
  }

  http::ServerResponse answer(const std::string& host, const http::ServerRequest& request) EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    const auto found = std::ranges::find_if(rules, [&](const Rule& rule) { return fits(rule, host, request); });
    if (found != rules.end() && found->times > 0) --found->times;
    const auto& rule = found == rules.end() ? otherwise : *found;
    http::ServerResponse response;
    response.status = rule.status;
    for (const auto& [key, value] : rule.headers) response.headers.add(key, with_addresses(value));
    if (request.method != "HEAD") response.body = with_addresses(rule.body);
    const auto question = request.target.find('?');
    heard.push_back({host, request.method, request.path,
                     question == std::string::npos ? "" : request.target.substr(question + 1),
                     request.headers.get("Authorization").value_or(""), request.body, rule.status, Clock::now()});
    return response;
  }
};

Exchange::Exchange(const Json& exchange) : state_(std::make_unique<State>()) {
  auto& state = *state_;
  {
    const MutexLock lock(state.mutex);
    for (const auto& rule : exchange.at("rules")) state.rules.push_back(rule_of(rule));
  }
  auto otherwise = exchange.at("otherwise");
  otherwise["host"] = "";
  otherwise["path"] = "";
  state.otherwise = rule_of(otherwise);
  for (const auto& [name, about] : exchange.at("hosts").items()) {
    const auto host = name;
    state.servers[host] = ::flux::http::testing::serve(
        [&state, host](const Context&, const http::ServerRequest& request) { return state.answer(host, request); });
  }
}

Exchange::~Exchange() {
  for (auto& [name, server] : state_->servers) server.reset();
}

std::string Exchange::with_addresses(std::string text) const { return state_->with_addresses(std::move(text)); }

std::string Exchange::address(const std::string& host) const {
  return fmt::format("127.0.0.1:{}", state_->servers.at(host)->port());
}

std::vector<Heard> Exchange::heard() const {
  const MutexLock lock(state_->mutex);
  return state_->heard;
}

}  // namespace flux::images
