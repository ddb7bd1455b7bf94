#include "cluster/established.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cluster/json_reader.h"

namespace flux::cluster {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(20);
constexpr Duration kLongestPause = std::chrono::seconds(1);
constexpr Duration kServedTimeout = std::chrono::seconds(5);

struct Definition {
  std::string group;
  std::string plural;
  std::string version;  // a served one
  bool established = false;
  std::string refused;  // why its names are not accepted
};

void read_spec(JsonReader& json, Definition& definition) {
  json.object([&](std::string_view key) {
    if (key == "group") return json.string(definition.group);
    if (key == "names")
      return json.object([&](std::string_view field) {
        if (field == "plural") return json.string(definition.plural);
        json.skip();
      });
    if (key != "versions") return json.skip();
    json.array([&] {
      std::string name;
      bool served = false;
      json.object([&](std::string_view field) {
        if (field == "name") return json.string(name);
        if (field == "served") return json.boolean(served);
        json.skip();
      });
      if (served) definition.version = name;
    });
  });
}

void read_status(JsonReader& json, Definition& definition) {
  json.object([&](std::string_view key) {
    if (key != "conditions") return json.skip();
    json.array([&] {
      std::string type;
      std::string status;
      std::string message;
      json.object([&](std::string_view field) {
        if (field == "type") return json.string(type);
        if (field == "status") return json.string(status);
        if (field == "message") return json.string(message);
        json.skip();
      });
      if (type == "Established" && status == "True") definition.established = true;
      if (type == "NamesAccepted" && status == "False") definition.refused = message;
    });
  });
}

Definition decode_definition(std::string_view body) {
  Definition definition;
  JsonReader json(body);
  json.object([&](std::string_view key) {
    if (key == "spec") return read_spec(json, definition);
    if (key == "status") return read_status(json, definition);
    json.skip();
  });
  return definition;
}

/// Asks until nothing is pending: `path` of a pending name is asked for, `accept` says true when its answer is enough.
class Poll {
 public:
  using Path = std::function<std::string(const std::string&)>;
  using Accept = std::function<Result<bool>(const std::string&, const ApiResult<http::ClientResponse>&)>;
  Poll(const Bounded& ctx, Client& client) : ctx_(ctx), client_(client) {}

  Result<void> until_all(std::vector<std::string> pending, const Path& path, const Accept& accept) {
    for (auto pause = kFirstPause;; pause = std::min(pause + pause / 2, kLongestPause)) {
      auto left = round(pending, path, accept);
      if (!left) return Failure(left.error());
      if (left->empty()) return {};
      pending = std::move(*left);
      if (!ctx_.sleep(pause)) return late(pending);
    }
  }

 private:
  Result<std::vector<std::string>> round(const std::vector<std::string>& pending, const Path& path,
                                         const Accept& accept) {
    std::vector<std::string> left;
    Result<void> failed;
    client_.call_all(
        ctx_, pending.size(),
        [&](std::size_t i) {
          Call call;
          call.path = path(pending[i]);
          call.what = "CustomResourceDefinition " + pending[i];
          return call;
        },
        [&](std::size_t i, const ApiResult<http::ClientResponse>& answer) {
          const auto accepted = accept(pending[i], answer);
          if (!accepted)
            failed = Failure(accepted.error());
          else if (!*accepted)
            left.push_back(pending[i]);
        });
    if (!failed) return Failure(failed.error());
    return left;
  }

  [[nodiscard]] Failure late(const std::vector<std::string>& pending) const {
    std::string names;
    for (const auto& name : pending) names += (names.empty() ? "" : ", ") + name;
    const auto ended = ctx_.check();
    return fail(ErrorKind::cancelled, fmt::format("waiting for CustomResourceDefinitions to be established: {}: {}",
                                                  names, ended ? "stopped" : ended.error().message));
  }

  const Bounded ctx_;
  Client& client_;
};

}  // namespace

Result<void> wait_established(const Bounded& ctx, Client& client, std::span<const std::string> names) {
  std::map<std::string, Definition> definitions;
  Poll poll(ctx, client);
  const std::vector<std::string> all(names.begin(), names.end());
  auto established = poll.until_all(
      all,
      [](const auto& name) { return "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + encode_uri(name); },
      [&](const std::string& name, const ApiResult<http::ClientResponse>& answer) -> Result<bool> {
        if (!answer) return Failure(answer.error());
        auto definition = decode_definition(answer->body);
        if (!definition.established && !definition.refused.empty())
          return fail(ErrorKind::user, fmt::format("CustomResourceDefinition {}: {}", name, definition.refused),
                      "Another definition uses one of its names: change one of them.");
        const bool ready = definition.established;
        definitions[name] = std::move(definition);
        return ready;
      });
  if (!established) return established;
  // The condition is written a moment before the API server acts on it; until then objects are answered with 404. In a
  // group that the server serves itself, such as storage.k8s.io, it never does.
  Poll served(ctx.with_timeout(kServedTimeout), client);
  auto all_served = served.until_all(
      all,
      [&](const std::string& name) {
        const auto& definition = definitions.at(name);
        return fmt::format("/apis/{}/{}/{}?limit=1", definition.group, definition.version, definition.plural);
      },
      [](const std::string&, const ApiResult<http::ClientResponse>& answer) -> Result<bool> {
        if (answer || answer.error().forbidden()) return true;
        if (answer.error().not_found()) return false;
        return Failure(answer.error());
      });
  if (all_served || ctx.done()) return all_served;
  all_served.error().kind = ErrorKind::user;
  all_served.error().help =
      "The API server has accepted these definitions but does not serve their kinds. It never will where the group is "
      "one "
      "of its own, such as storage.k8s.io.";
  return all_served;
}

}  // namespace flux::cluster
