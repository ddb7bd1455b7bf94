#include "cluster/lease.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/json.h"
#include "base/timestamp.h"

namespace flux::cluster {
namespace {

std::string path_of(std::string_view ns, std::string_view name) {
  return fmt::format("/apis/coordination.k8s.io/v1/namespaces/{}/leases{}{}", encode_uri(ns), name.empty() ? "" : "/",
                     encode_uri(name));
}

/// As Kubernetes' MicroTime: always six digits.
std::string micro_time(Timestamp time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time - seconds).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", seconds, micros);
}

ApiResult<Lease> decode(const std::string& body, std::string_view what) {
  const auto json = parse_json(body);
  if (!json || !json->is_object() || !json->contains("metadata"))
    return ApiFailure(no_answer({ErrorKind::server, "the answer is not a Lease", {}}, what));
  Lease lease;
  lease.version = json->at("metadata").value("resourceVersion", std::string());
  const auto spec = json->value("spec", Json::object());
  if (const auto holder = spec.find("holderIdentity"); holder != spec.end() && holder->is_string())
    lease.holder = holder->get<std::string>();
  if (const auto lasts = spec.find("leaseDurationSeconds"); lasts != spec.end() && lasts->is_number_integer())
    lease.lasts = std::chrono::seconds(lasts->get<std::int64_t>());
  return lease;
}

}  // namespace

ApiResult<std::optional<Lease>> read_lease(const Bounded& ctx, Client& client, std::string_view ns,
                                           std::string_view name) {
  Call call;
  call.path = path_of(ns, name);
  call.what = fmt::format("lease {}/{}", ns, name);
  const auto answer = client.call(ctx, call);
  if (!answer && answer.error().not_found()) return std::optional<Lease>();
  if (!answer) return ApiFailure(answer.error());
  auto lease = decode(answer->body, call.what);
  if (!lease) return ApiFailure(lease.error());
  return std::optional(std::move(*lease));
}

ApiResult<Lease> write_lease(const Bounded& ctx, Client& client, std::string_view ns, std::string_view name,
                             const Lease& lease, Timestamp now) {
  Json body = {{"apiVersion", "coordination.k8s.io/v1"},
               {"kind", "Lease"},
               {"metadata", {{"name", name}, {"namespace", ns}}},
               {"spec",
                {{"holderIdentity", lease.holder},
                 {"leaseDurationSeconds", std::chrono::duration_cast<std::chrono::seconds>(lease.lasts).count()},
                 {"renewTime", micro_time(now)}}}};
  Call call;
  call.what = fmt::format("lease {}/{}", ns, name);
  if (lease.version.empty()) {
    call.method = "POST";
    call.path = path_of(ns, {});
    call.content_type = "application/json";
  } else {
    body["metadata"]["resourceVersion"] = lease.version;
    call.method = "PATCH";
    call.path = path_of(ns, name);
    call.content_type = "application/merge-patch+json";
  }
  call.body = dump_json(body);
  const auto answer = client.call(ctx, call);
  if (!answer) return ApiFailure(answer.error());
  return decode(answer->body, call.what);
}

}  // namespace flux::cluster
