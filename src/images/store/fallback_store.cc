#include "images/store/fallback_store.h"

#include <utility>

namespace flux::images {
namespace {

constexpr int kErrorsInARow = 2;

}  // namespace

FallbackStore::FallbackStore(std::unique_ptr<Store> primary, ObserveCache observe, Log log)
    : primary_(std::move(primary)), observe_(std::move(observe)), log_(std::move(log)) {}

Result<std::optional<Record>> FallbackStore::read(const Bounded& ctx, const std::string& name) {
  const bool from_memory = !primary_ || memory_.holds(name);
  const auto began = Clock::now();
  auto record = from_memory ? memory_.read(ctx, name) : primary_->read(ctx, name);
  if (observe_) observe_("GetKey", Clock::now() - began, record && *record);
  if (from_memory) return record;
  if (record) {
    went_well(name);
    return record;
  }
  if (ctx.stopped()) return record;
  failed(name, record.error());
  const MutexLock lock(mutex_);
  if (failures_[name] <= kErrorsInARow) return record;
  return std::nullopt;
}

Result<void> FallbackStore::write(const Bounded& ctx, const std::string& name, const Record& record) {
  const auto began = Clock::now();
  auto written = primary_ ? primary_->write(ctx, name, record) : memory_.write(ctx, name, record);
  if (observe_) observe_("SetKey", Clock::now() - began, written.has_value());
  if (!primary_) return written;
  if (written) {
    memory_.forget(name);
    went_well(name);
    return {};
  }
  failed(name, written.error());
  return memory_.write(ctx, name, record);
}

void FallbackStore::failed(const std::string& name, const Error& error) {
  const MutexLock lock(mutex_);
  const bool first = failures_.empty();
  ++failures_[name];
  if (first)
    log_({{"warning", "the image cache does not work; what is scanned is kept in memory until it does"},
          {"image", name},
          {"err", error}});
}

void FallbackStore::went_well(const std::string& name) {
  const MutexLock lock(mutex_);
  if (failures_.erase(name) > 0 && failures_.empty()) log_({{"info", "the image cache works again"}});
}

}  // namespace flux::images
