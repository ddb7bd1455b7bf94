#include "cluster/last_writer.h"

#include "cluster/json_reader.h"
#include "cluster/managed_fields.h"
#include "cluster/object.h"

namespace flux::cluster {

ApiResult<std::string> last_other_writer(const Bounded& ctx, Client& client, const Resource& resource,
                                         std::string_view ns, std::string_view name) {
  Call call;
  call.path = resource.path(ns, name);
  call.accept = kAcceptMetadata;
  const auto answer = client.call(ctx, call);
  if (!answer) return ApiFailure(answer.error());
  ManagedEntry last;
  JsonReader json(answer->body);
  json.object([&](std::string_view key) {
    if (key != "metadata") return json.skip();
    json.object([&](std::string_view field) {
      if (field != "managedFields") return json.skip();
      json.array([&] {
        auto entry = read_managed_entry(json);
        if (entry.manager != kFieldManager && entry.subresource != "status" && entry.time >= last.time)
          last = std::move(entry);
      });
    });
  });
  return last.manager;
}

}  // namespace flux::cluster
