#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "http/message.h"

/// What an API server has to say about a request that it grants: of deprecated kinds and fields, of what does not do
/// what it seems to. It says so with every such request.
namespace flux::cluster {

/// The texts of an answer's headers `Warning: 299 - "text"`, in their order (RFC 7234 5.5; Kubernetes uses no other
/// code). Cut at 500 bytes each; at most 20.
[[nodiscard]] std::vector<std::string> warnings_in(const http::Headers& headers);

/// Which warnings have been told, so that each is told once for a kind. Any thread.
class ToldWarnings {
 public:
  explicit ToldWarnings(std::size_t most = 1000) : most_(most) {}

  enum class Telling { now, now_as_last, not_again };
  /// Once `most` are remembered none is told any more: texts that are always different would fill the log.
  Telling tell(std::string_view kind, std::string_view text);

 private:
  const std::size_t most_;
  Mutex mutex_;
  std::set<std::pair<std::string, std::string>> told_ GUARDED_BY(mutex_);
};

}  // namespace flux::cluster
