#include "sync/marker.h"

#include <fmt/format.h>

#include "cluster/marker.h"

namespace flux::sync {
namespace {

constexpr Duration kSecretTimeout = std::chrono::seconds(30);

class TagMarker : public Marker {
 public:
  TagMarker(git::Mirror& mirror, std::string tag, git::Identity identity, bool verify, git::Reader reader)
      : mirror_(mirror), tag_(std::move(tag)), identity_(std::move(identity)), verify_(verify), reader_(reader) {}

  Result<std::string> read(const Bounded& ctx) override {
    return mirror_.repository(reader_).and_then(
        [&](const auto& repository) { return git::read_marker(ctx, *repository, tag_, verify_); });
  }
  Result<void> write(const Context& ctx, const std::string& revision) override {
    return git::write_marker(ctx, mirror_, tag_, revision, identity_);
  }
  std::string to_string() const override { return "tag " + tag_; }

 private:
  git::Mirror& mirror_;
  std::string tag_;
  git::Identity identity_;
  bool verify_;
  git::Reader reader_;
};

class SecretMarker : public Marker {
 public:
  SecretMarker(cluster::Client& client, std::string ns, std::string name)
      : client_(client), ns_(std::move(ns)), name_(std::move(name)) {}

  Result<std::string> read(const Bounded& ctx) override { return cluster::read_sync_marker(ctx, client_, ns_, name_); }
  Result<void> write(const Context& ctx, const std::string& revision) override {
    return cluster::write_sync_marker(ctx.with_timeout(kSecretTimeout), client_, ns_, name_, revision);
  }
  std::string to_string() const override { return fmt::format("kubernetes {}:secret/{}", ns_, name_); }

 private:
  cluster::Client& client_;
  std::string ns_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Marker> tag_marker(git::Mirror& mirror, std::string tag, git::Identity identity, bool verify,
                                   git::Reader reader) {
  return std::make_unique<TagMarker>(mirror, std::move(tag), std::move(identity), verify, reader);
}

std::unique_ptr<Marker> secret_marker(cluster::Client& client, std::string ns, std::string name) {
  return std::make_unique<SecretMarker>(client, std::move(ns), std::move(name));
}

}  // namespace flux::sync
