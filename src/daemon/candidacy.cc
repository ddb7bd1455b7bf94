#include "daemon/candidacy.h"

#include <fmt/format.h>

#include <algorithm>

namespace flux::daemon {

std::optional<cluster::Lease> Candidacy::see(const std::optional<cluster::Lease>& lease, Clock::time_point now) {
  const auto mine = [&](const std::string& version) { return cluster::Lease{me_, kLasts, version}; };
  other_.clear();
  if (!lease) return mine("");
  if (lease->holder.empty() || lease->holder == me_) return mine(lease->version);
  ours_.reset();
  other_ = lease->holder;
  if (lease->version != seen_version_) {
    seen_version_ = lease->version;
    seen_at_ = now;
  }
  if (now - seen_at_ >= lease->lasts) return mine(lease->version);
  return std::nullopt;
}

void Candidacy::wrote(cluster::Lease lease, Clock::time_point now) {
  other_.clear();
  ours_ = std::move(lease);
  wrote_at_ = now;
  until_ = now + kLasts - kMargin;
}

std::optional<cluster::Lease> Candidacy::to_renew() const {
  if (!ours_) return std::nullopt;
  return cluster::Lease{me_, kLasts, ours_->version};
}

void Candidacy::failed(bool lost) {
  // Its version may be another one by now: it has to be read first.
  ours_.reset();
  if (lost) until_.reset();
}

Clock::time_point Candidacy::next(Clock::time_point now) const {
  if (ours_) return wrote_at_ + kRenewal;
  // Not beyond the moment when leading has to end.
  return until_ && now < *until_ ? std::min(*until_, now + kLook) : now + kLook;
}

std::string lease_name(const std::string& set_name) {
  // A set's name tells upper from lower case, the name of an object does not.
  std::string name = "fluxd-";
  for (const char c : set_name.substr(0, 12)) name += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return name;
}

}  // namespace flux::daemon
