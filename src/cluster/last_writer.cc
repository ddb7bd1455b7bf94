#include "cluster/last_writer.h"

#include "cluster/json_reader.h"
#include "cluster/object.h"

namespace flux::cluster {
namespace {

struct Entry {
  std::string manager;
  std::string subresource;
  std::string time;  // RFC 3339 in UTC, so that texts compare as times do
};

Entry read_entry(JsonReader& json) {
  Entry entry;
  json.object([&](std::string_view key) {
    if (key == "manager") return json.string(entry.manager);
    if (key == "subresource") return json.string(entry.subresource);
    if (key == "time") return json.string(entry.time);
    json.skip();
  });
  return entry;
}

}  // namespace

ApiResult<std::string> last_other_writer(const Bounded& ctx, Client& client, const Resource& resource,
                                         std::string_view ns, std::string_view name) {
  Call call;
  call.path = resource.path(ns, name);
  call.accept = kAcceptMetadata;
  const auto answer = client.call(ctx, call);
  if (!answer) return ApiFailure(answer.error());
  Entry last;
  JsonReader json(answer->body);
  json.object([&](std::string_view key) {
    if (key != "metadata") return json.skip();
    json.object([&](std::string_view field) {
      if (field != "managedFields") return json.skip();
      json.array([&] {
        auto entry = read_entry(json);
        if (entry.manager != kFieldManager && entry.subresource != "status" && entry.time >= last.time)
          last = std::move(entry);
      });
    });
  });
  return last.manager;
}

}  // namespace flux::cluster
