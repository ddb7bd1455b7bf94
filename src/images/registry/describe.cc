#include "images/registry/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/json.h"
#include "images/registry/bounded_json.h"
#include "images/registry/manifest.h"
#include "images/registry/pages.h"
#include "images/tag.h"

namespace flux::images {
namespace {

constexpr std::size_t kPageSize = std::size_t{32} << 20;
constexpr std::size_t kManifestSize = std::size_t{8} << 20;
constexpr std::size_t kConfigSize = std::size_t{8} << 20;
constexpr std::size_t kMostTags = 1'000'000;
constexpr int kMostPages = 20'000;
constexpr int kDeepest = 3;              // an index in an index is seen in the wild, deeper ones are not
constexpr std::size_t kMostEntries = 8;  // to look at, of those that do not say what they are for

const char* const kDigestHeader = "Docker-Content-Digest";

Error broken(std::string message) { return {ErrorKind::server, std::move(message), {}}; }

/// A digest of a manifest or a config.
bool is_digest(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && is_tag(text.substr(0, colon)) && is_tag(text.substr(colon + 1));
}

/// A page of tags. An error for text that is none, such as the page of a proxy.
Result<std::vector<std::string>> tags_in(const std::string& body) {
  const auto json = parse_bounded_json(body, kMostTags);
  if (!json) return Failure(json.error());
  if (!json->is_object()) return fail(ErrorKind::server, "the answer is not a JSON object");
  std::vector<std::string> tags;
  const auto list = json->find("tags");
  if (list == json->end() || list->is_null()) return tags;
  if (!list->is_array()) return fail(ErrorKind::server, "its tags are no list");
  for (const auto& tag : *list)
    if (tag.is_string() && is_tag(tag.get_ref<const std::string&>())) tags.push_back(tag.get<std::string>());
  return tags;
}

/// Reads down to the image for our platform.
class Descent {
 public:
  Descent(const Bounded& ctx, RegistrySession& session, const std::vector<Platform>& platforms)
      : ctx_(ctx), session_(session), platforms_(platforms) {}

  /// `reference`: tag or digest.
  RegistryResult<Described> read(const std::string& reference, int depth) {
    const Question question{
        .path = "manifests/" + reference, .accept = std::string(kManifestTypes), .max_body = kManifestSize};
    auto answer = session_.ask(ctx_, question);
    if (!answer) return registry_failure(answer.error());
    Described out;
    out.digest = answer->headers.get(kDigestHeader).value_or("");
    out.info.digest = out.digest;
    auto manifest = read_manifest(answer->body);
    if (!manifest) return registry_failure(session_.not_understood(*answer, question, manifest.error().message));
    if (const auto* other = std::get_if<NotAnImage>(&*manifest)) {
      out.excluded = other->reason;
      return out;
    }
    if (const auto* facts = std::get_if<ConfigFacts>(&*manifest)) return filled(std::move(out), *facts, depth);
    if (const auto* index = std::get_if<ImageIndex>(&*manifest)) return entry_of(std::move(out), *index, depth);
    return config_of(std::move(out), std::get<ImageManifest>(*manifest).config_digest, depth);
  }

 private:
  RegistryResult<Described> entry_of(Described out, const ImageIndex& index, int depth) {
    if (depth < kDeepest) {
      auto entries = suitable(index, platforms_);
      if (entries.size() > kMostEntries) entries.resize(kMostEntries);
      for (const auto* entry : entries) {
        if (!is_digest(entry->digest)) continue;
        auto found = read(entry->digest, depth + 1);
        if (!found) return found;
        if (!found->excluded.empty()) continue;
        found->digest = out.digest;
        return found;
      }
    }
    out.excluded = fmt::format("no suitable manifest ({} {}) in manifestlist", platforms_.front().os,
                               platforms_.front().architecture);
    return out;
  }

  RegistryResult<Described> config_of(Described out, const std::string& digest, int depth) {
    if (!is_digest(digest)) return registry_failure(broken("the manifest names a config by what is no digest"));
    const Question question{.path = "blobs/" + digest, .max_body = kConfigSize};
    auto answer = session_.ask(ctx_, question);
    if (!answer) return registry_failure(answer.error());
    const auto facts = read_config(answer->body, digest);
    if (!facts) return registry_failure(session_.not_understood(*answer, question, facts.error().message));
    return filled(std::move(out), *facts, depth);
  }

  /// A tag's own image counts whatever it is for; one that an index offers without saying has to be for us.
  RegistryResult<Described> filled(Described out, const ConfigFacts& facts, int depth) {
    const auto is_ours = [&](const Platform& platform) {
      return std::ranges::any_of(platforms_, [&](const auto& wanted) {
        return wanted.os == platform.os && wanted.architecture == platform.architecture;
      });
    };
    if (depth > 0 && facts.platform && !is_ours(*facts.platform)) {
      out.excluded = "for another platform";
      return out;
    }
    out.info.image_id = facts.image_id;
    out.info.created_at = facts.created;
    out.info.build_date = facts.build_date;
    out.info.image_created = facts.image_created;
    out.bad_labels = facts.bad_labels;
    return out;
  }

  const Bounded& ctx_;
  RegistrySession& session_;
  const std::vector<Platform>& platforms_;
};

}  // namespace

RegistryResult<std::vector<std::string>> list_tags(const Bounded& ctx, RegistrySession& session) {
  std::vector<std::string> tags;
  std::set<std::string> seen;
  std::set<std::string> pages;
  Question question{.path = "tags/list", .max_body = kPageSize};
  for (int page = 0; page < kMostPages; ++page) {
    auto answer = session.ask(ctx, question);
    if (!answer) return registry_failure(answer.error());
    auto found = tags_in(answer->body);
    if (!found) return registry_failure(session.not_understood(*answer, question, found.error().message));
    for (auto& tag : *found)
      if (seen.insert(tag).second) tags.push_back(std::move(tag));
    if (tags.size() > kMostTags)
      return registry_failure(broken(fmt::format("the repository has more than {} tags", kMostTags)));
    auto next = next_page(answer->url, answer->headers);
    if (!next) return registry_failure(next.error());
    if (!*next || !pages.insert(**next).second) return tags;
    question.path = **next;
  }
  return registry_failure(broken("the registry's list of tags does not end"));
}

RegistryResult<Described> describe(const Bounded& ctx, RegistrySession& session, const std::string& tag,
                                   const std::vector<Platform>& platforms) {
  return Descent(ctx, session, platforms).read(tag, 0);
}

RegistryResult<std::string> digest_of(const Bounded& ctx, RegistrySession& session, const std::string& tag) {
  auto answer = session.ask(ctx, {.path = "manifests/" + tag, .accept = std::string(kManifestTypes), .method = "HEAD"});
  if (!answer) return registry_failure(answer.error());
  return answer->headers.get(kDigestHeader).value_or("");
}

}  // namespace flux::images
