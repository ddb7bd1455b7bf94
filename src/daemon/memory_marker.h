#pragma once

#include <memory>
#include <string>

#include "base/published.h"
#include "sync/marker.h"

namespace flux::daemon {

/// How far we synced, for as long as this process lives: where neither git nor a secret of ours may hold it, which is
/// with --git-readonly outside of a cluster. After a restart the next sync counts as the first. Copies share one value.
class MemoryMarker : public sync::Marker {
 public:
  Result<std::string> read(const Bounded&) override { return *revision_->latest(); }
  Result<void> write(const Context&, const std::string& revision) override {
    revision_->publish(revision);
    return {};
  }
  [[nodiscard]] std::string to_string() const override { return "memory"; }

 private:
  std::shared_ptr<Published<std::string>> revision_ = std::make_shared<Published<std::string>>();
};

}  // namespace flux::daemon
