#include "cluster/marker.h"

#include <fmt/format.h>

#include "cluster/json_reader.h"
#include "cluster/secrets.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kAnnotation = "flux.weave.works/sync-hwm";

}  // namespace

Result<std::string> read_sync_marker(const Bounded& ctx, Client& client, std::string_view ns, std::string_view secret) {
  Call call;
  call.path = secrets().path(ns, secret);
  call.accept = kAcceptMetadata;
  const auto answer = client.call(ctx, call);
  if (!answer) return wrap(answer.error(), "reading the sync marker");
  auto marker = decode_annotation(answer->body, kAnnotation);
  if (!marker) return wrap(marker.error(), "reading the sync marker");
  if (*marker) return std::move(**marker);
  if (auto created = write_sync_marker(ctx, client, ns, secret, ""); !created) return Failure(created.error());
  return std::string{};
}

Result<void> write_sync_marker(const Bounded& ctx, Client& client, std::string_view ns, std::string_view secret,
                               std::string_view revision) {
  const auto patch = fmt::format(R"({{"metadata":{{"annotations":{{"{}":{}}}}}}})", kAnnotation, quote_json(revision));
  const auto answer =
      client.call(ctx, patch_call(secrets(), ns, secret, Client::PatchType::strategic, std::string(patch)));
  if (!answer) return wrap(answer.error(), "writing the sync marker");
  return {};
}

}  // namespace flux::cluster
