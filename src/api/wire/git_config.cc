#include "api/wire/git_config.h"

#include <fmt/format.h>

#include "model/json_reader.h"

namespace flux::api {
namespace {

Json to_json(const Fingerprint& print) { return {{"hash", print.hash}, {"randomart", print.randomart}}; }

Result<std::optional<Fingerprint>> fingerprint_from_json(const Json& json) {
  ObjectReader in(json);
  Fingerprint print{in.text("hash"), in.text("randomart")};
  return in.done<std::optional<Fingerprint>>(std::move(print));
}

struct Fingerprints {
  std::optional<Fingerprint> md5;
  std::optional<Fingerprint> sha256;
};

Result<Fingerprints> fingerprints_from_json(const Json& json) {
  ObjectReader in(json);
  Fingerprints prints{in.value("md5", fingerprint_from_json), in.value("sha256", fingerprint_from_json)};
  return in.done(std::move(prints));
}

struct Remote {
  std::string url;
  std::string branch;
  std::string path;
};

Result<Remote> remote_from_json(const Json& json) {
  ObjectReader in(json);
  Remote remote{in.text("url"), in.text("branch"), in.text("path")};
  return in.done(std::move(remote));
}

std::vector<std::string> split_paths(const std::string& text) {
  std::vector<std::string> paths;
  if (text.empty()) return paths;
  std::size_t start = 0;
  for (auto comma = text.find(','); comma != std::string::npos; comma = text.find(',', start)) {
    paths.push_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  paths.push_back(text.substr(start));
  return paths;
}

}  // namespace

Json to_json(const PublicKey& key) {
  Json fingerprints = nullptr;
  if (key.md5) fingerprints["md5"] = to_json(*key.md5);
  if (key.sha256) fingerprints["sha256"] = to_json(*key.sha256);
  return {{"key", key.key}, {"fingerprints", std::move(fingerprints)}};
}

Json to_json(const GitConfig& config) {
  return {{"remote",
           {{"url", config.url}, {"branch", config.branch}, {"path", fmt::format("{}", fmt::join(config.paths, ","))}}},
          {"publicSSHKey", to_json(config.public_key)},
          {"status", config.status},
          {"errors", config.errors}};
}

Result<PublicKey> public_key_from_json(const Json& json) {
  ObjectReader in(json);
  auto key = in.text("key");
  auto prints = in.value("fingerprints", fingerprints_from_json);
  return in.done(PublicKey{std::move(key), std::move(prints.md5), std::move(prints.sha256)});
}

Result<GitConfig> git_config_from_json(const Json& json) {
  ObjectReader in(json);
  auto remote = in.value("remote", remote_from_json);
  GitConfig config{std::move(remote.url),    std::move(remote.branch),
                   split_paths(remote.path), in.value("publicSSHKey", public_key_from_json),
                   in.text("status"),        in.text("errors")};
  return in.done(std::move(config));
}

}  // namespace flux::api
