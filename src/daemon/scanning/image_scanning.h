#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "daemon/listing/images.h"
#include "daemon/options.h"
#include "daemon/source_state.h"
#include "images/scanner/health.h"
#include "metrics/metrics.h"
#include "model/image_ref.h"
#include "sync/execute.h"

namespace flux::daemon {

/// The parts of the daemon that image scanning works with. None is owned.
struct ScanningParts {
  const sync::Cluster& cluster;
  SourceState& state;  ///< is told of new images
  metrics::Metrics& metrics;
};

/// Knows which images there are for what runs, as long as it lives (compat/daemon.md 6). Any thread may ask; what is
/// asked comes from the cache only.
class ImageScanning {
 public:
  /// User errors for flags that cannot be right.
  static Result<std::unique_ptr<ImageScanning>> make(const Options& options, ScanningParts parts, Log log,
                                                     const std::string& version);
  ImageScanning(const ImageScanning&) = delete;
  ImageScanning& operator=(const ImageScanning&) = delete;
  ~ImageScanning();

  Result<void> start(const Context& ctx);
  /// There may be a new image, perhaps of that tag. At once; does not wait. False when nothing in use is from there.
  bool notice(const ImageRef& image);
  /// Workloads may use other images now. At once.
  void workloads_changed();
  /// For listings; a cache that cannot be asked is logged and counts as empty.
  [[nodiscard]] KnownImages known(const Bounded& ctx) const;
  /// How each image fares, by canonical name. Waits for nobody.
  [[nodiscard]] std::vector<images::ImageHealth> health() const;

 private:
  ImageScanning();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace flux::daemon
