#include "daemon/scanning/credential_choice.h"

#include <fmt/format.h>

#include <utility>

#include "base/base64.h"
#include "base/json.h"
#include "daemon/listing/images.h"

namespace flux::daemon {
namespace {

using cluster::LiveWorkload;

Place account_of(const LiveWorkload& workload) {
  return {workload.id.ns(), workload.service_account.empty() ? "default" : workload.service_account};
}

std::string text_at(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// Offers credentials in the order of their precedence, lowest first.
class Offers {
 public:
  Offers(images::Target& target, const PullSecrets& known)
      : target_(target), known_(known), host_(images::registry_host(target.image.domain)) {}

  void offer(const std::string& ns, const std::vector<std::string>& secrets) {
    for (const auto& name : secrets) {
      const auto secret = known_.secrets.find({ns, name});
      if (secret == known_.secrets.end()) continue;
      if (const auto entry = secret->second.find(host_); entry != secret->second.end())
        target_.credential = entry->second;
    }
  }

 private:
  images::Target& target_;
  const PullSecrets& known_;
  const std::string host_;
};

}  // namespace

ImageUsers users_of(const std::vector<LiveWorkload>& live, const std::vector<images::Target>& targets) {
  ImageUsers users;
  for (const auto& target : targets) users[target.image.name()];
  for (const auto& workload : live) {
    for (const auto& container : running_containers(workload)) {
      const auto at = users.find(container.image.canonical().name());
      if (at == users.end()) continue;
      auto& of_image = at->second;
      if (of_image.empty() || of_image.back() != &workload) of_image.push_back(&workload);
    }
  }
  return users;
}

std::set<Place> accounts_of(const ImageUsers& users) {
  std::set<Place> places;
  for (const auto& [name, workloads] : users)
    for (const auto* workload : workloads) places.insert(account_of(*workload));
  return places;
}

std::set<Place> secrets_of(const ImageUsers& users, const PullSecrets& known) {
  std::set<Place> places;
  for (const auto& [name, workloads] : users)
    for (const auto* workload : workloads)
      for (const auto& secret : workload->pull_secrets) places.insert({workload->id.ns(), secret});
  for (const auto& [account, secrets] : known.accounts)
    for (const auto& secret : secrets) places.insert({account.ns, secret});
  return places;
}

void choose_pull_secrets(std::vector<images::Target>& targets, const ImageUsers& users, const PullSecrets& known) {
  for (auto& target : targets) {
    const auto of_image = users.find(target.image.name());
    if (of_image == users.end()) continue;
    Offers choice(target, known);
    for (const auto* workload : of_image->second)
      if (const auto account = known.accounts.find(account_of(*workload)); account != known.accounts.end())
        choice.offer(workload->id.ns(), account->second);
    for (const auto* workload : of_image->second) choice.offer(workload->id.ns(), workload->pull_secrets);
  }
}

std::vector<std::string> decode_service_account(std::string_view text) {
  std::vector<std::string> names;
  const auto account = parse_json(text);
  if (!account || !account->is_object()) return names;
  const auto references = account->find("imagePullSecrets");
  if (references == account->end() || !references->is_array()) return names;
  for (const auto& reference : *references)
    if (auto name = text_at(reference, "name"); !name.empty()) names.push_back(std::move(name));
  return names;
}

PullSecret decode_pull_secret(const Secret& text, const Place& place) {
  PullSecret out;
  const auto from = fmt::format("{}:secret/{}", place.ns, place.name);
  const auto json = parse_json(text.reveal());
  const auto type = json ? text_at(*json, "type") : std::string();
  const bool whole = type == "kubernetes.io/dockerconfigjson";
  if (!whole && type != "kubernetes.io/dockercfg") {
    out.unknown_type = type.empty() ? "none" : type;
    return out;
  }
  const auto* key = whole ? ".dockerconfigjson" : ".dockercfg";
  const auto data = json->find("data");
  const auto value = data == json->end() ? std::string() : text_at(*data, key);
  auto decoded = decode_base64(value);
  if (value.empty() || !decoded) {
    out.problems.push_back(fmt::format("{}: it has no {} in base64", from, key));
    return out;
  }
  auto config = images::parse_docker_config(Secret(std::move(*decoded)), from);
  if (!config) {
    out.problems.push_back(config.error().message);
    return out;
  }
  out.credentials = std::move(config->credentials);
  out.problems = std::move(config->problems);
  return out;
}

}  // namespace flux::daemon
