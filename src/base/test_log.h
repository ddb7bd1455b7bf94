#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"

namespace flux {

/// A log for tests that keeps its lines. Any thread.
class KeptLog {
 public:
  [[nodiscard]] Log log() const { return {kept_, LogFormat::logfmt}; }

  /// All lines so far, each with its newline.
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(kept_->mutex);
    return kept_->text;
  }
  /// Waits until a line holds `part`; false after ten seconds.
  bool wait_for(std::string_view part) const {
    std::unique_lock lock(kept_->mutex);
    return kept_->written.wait_for(lock, std::chrono::seconds(10),
                                   [&] { return kept_->text.find(part) != std::string::npos; });
  }

 private:
  struct Kept : LogSink {
    void write(std::string_view line) override {
      const std::lock_guard lock(mutex);
      text.append(line).append("\n");
      written.notify_all();
    }
    std::mutex mutex;
    std::condition_variable written;
    std::string text;
  };
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace flux
