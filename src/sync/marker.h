#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "cluster/client.h"
#include "git/marker.h"
#include "git/mirror.h"

namespace flux::sync {

/// How far we synced, kept where it survives us (compat/daemon.md 2.8 and 2.9). Any thread; nothing is
/// remembered here.
class Marker {
 public:
  virtual ~Marker() = default;
  /// The revision; empty when nothing was ever synced.
  virtual Result<std::string> read(const Bounded& ctx) = 0;
  /// Bounds itself, from when no fetch is in the way.
  virtual Result<void> write(const Context& ctx, const std::string& revision) = 0;
  /// `tag flux-sync` or `kubernetes flux:secret/flux-git-deploy`, for logs.
  [[nodiscard]] virtual std::string to_string() const = 0;
};

/// An annotated tag in the repository. `verify`: its signature must be good. `reader`: as whom read() reads; who
/// answers to users has a marker of its own, or it would keep the sync waiting.
std::unique_ptr<Marker> tag_marker(git::Mirror& mirror, std::string tag, git::Identity identity, bool verify,
                                   git::Reader reader = git::Reader::sync);

/// An annotation on a Secret, which must exist.
std::unique_ptr<Marker> secret_marker(cluster::Client& client, std::string ns, std::string name);

}  // namespace flux::sync
