#include "sandbox/watch.h"

#include "base/json.h"

namespace flux::sandbox {

namespace {

constexpr auto bookmark_interval = std::chrono::seconds(60);

}  // namespace

bool Watch::picks(const ObjectPtr& object) const {
  if (!object) return false;
  const auto& target = request_.target;
  return (target.space.empty() || object->meta_text("namespace") == target.space) &&
         request_.selector.matches(object->body);
}

bool Watch::write(http::StreamWriter& out, const char* type, const Json& body) {
  return out.write(request_.view.event(*request_.target.kind, type, body, std::exchange(first_, false)));
}

bool Watch::send_existing(http::StreamWriter& out) {
  const auto listing = store_.list(request_.target.kind->collection(), request_.target.space,
                                   [&](const Object& object) { return request_.selector.matches(object.body); });
  request_.version = listing.version;
  for (const auto& object : listing.objects) {
    if (!write(out, "ADDED", object->body)) return false;
  }
  return !request_.initial_events_end ||
         out.write(request_.view.bookmark(*request_.target.kind, listing.version, true));
}

bool Watch::send(http::StreamWriter& out, const Change& change) {
  const bool before = picks(change.before);
  const bool after = !change.deleted && picks(change.after);
  if (before && !after) {
    if (change.deleted) return write(out, "DELETED", change.after->body);
    auto last = change.before->body;
    last["metadata"]["resourceVersion"] = std::to_string(change.after->version);
    return write(out, "DELETED", last);
  }
  return !after || write(out, before ? "MODIFIED" : "ADDED", change.after->body);
}

void Watch::run(const Context& parent, http::StreamWriter& out) {
  const auto ctx = parent.with_timeout(request_.timeout);
  if ((request_.version == 0 || request_.initial_events_end) && !send_existing(out)) return;
  auto version = request_.version;
  auto last_bookmark = Clock::now();
  while (!ctx.done()) {
    const auto changes = store_.changes(ctx, request_.target.kind->collection(), version, bookmark_interval);
    if (!changes) {
      const Status gone{
          410, "Expired",
          "too old resource version: " + std::to_string(version) + " (" + std::to_string(store_.version()) + ")"};
      out.write(R"({"type":"ERROR","object":)" + dump_json(gone.to_json()) + "}\n");
      return;
    }
    for (const auto& change : *changes) {
      if (!send(out, change)) return;
    }
    if (!request_.bookmarks || Clock::now() - last_bookmark < bookmark_interval) continue;
    if (!out.write(request_.view.bookmark(*request_.target.kind, version, false))) return;
    last_bookmark = Clock::now();
  }
  if (request_.bookmarks && parent.check()) out.write(request_.view.bookmark(*request_.target.kind, version, false));
}

}  // namespace flux::sandbox
