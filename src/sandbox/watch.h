#pragma once

#include <optional>

#include "http/server.h"
#include "sandbox/objects.h"
#include "sandbox/view.h"

namespace flux::sandbox {

/// One watch request: sends what changes of the objects that a selector picks, until the client goes or the time is
/// over. An object that stops to match is DELETED for this watcher, one that begins to match is ADDED.
class Watch {
 public:
  struct Request {
    Target target;
    Selector selector;
    View view;
    std::uint64_t version = 0;        ///< changes after this one; 0: begin with what is there
    bool initial_events_end = false;  ///< say with a bookmark when what was there is told
    bool bookmarks = false;
    Duration timeout{};
  };

  Watch(Store& store, Request request) : store_(store), request_(std::move(request)) {}

  void run(const Context& ctx, http::StreamWriter& out);

 private:
  bool send_existing(http::StreamWriter& out);
  bool send(http::StreamWriter& out, const Change& change);
  bool write(http::StreamWriter& out, const char* type, const Json& body);
  [[nodiscard]] bool picks(const ObjectPtr& object) const;

  Store& store_;
  Request request_;
  bool first_ = true;
};

}  // namespace flux::sandbox
