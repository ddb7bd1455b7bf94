#include "cluster/credentials.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "base/read_file.h"

namespace flux::cluster {
namespace {

constexpr Duration kReadAgain = std::chrono::minutes(1);
constexpr Duration kRunAgain = std::chrono::seconds(10);
// A credential about to expire would be refused on arrival.
constexpr auto kBeforeExpiry = std::chrono::seconds(5);

std::string trim(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

Result<Secret> read_text(const TextOrFile& source, std::string_view what) {
  if (!source.text.empty() || source.file.empty()) return source.text;
  return read_secret_file(source.file, what);
}

bool Credentials::stale() const {
  if (!cached_) return true;
  if (expires_) return std::chrono::system_clock::now() + kBeforeExpiry >= *expires_;
  const bool files = !config_.token.file.empty() || !config_.client_cert.file.empty();
  return files && Clock::now() - read_at_ >= kReadAgain;
}

std::optional<Identity> Credentials::known() {
  const MutexLock lock(mutex_);
  return stale() ? std::nullopt : cached_;
}

Result<Identity> Credentials::current(const Bounded& ctx) {
  if (auto before = known()) return std::move(*before);
  const auto turn = reading_.acquire(ctx);
  if (!turn) return Failure(turn.error());
  if (auto meanwhile = known()) return std::move(*meanwhile);
  auto fresh = read(ctx);
  const MutexLock lock(mutex_);
  // A file that is missing for a moment, as during rotation, is no reason to stop using what still works.
  if (!fresh && cached_ && !expires_) return *cached_;
  if (!fresh) return Failure(fresh.error());
  cached_ = fresh->identity;
  expires_ = fresh->expires;
  read_at_ = Clock::now();
  return std::move(fresh->identity);
}

Result<Credentials::Fresh> Credentials::read(const Bounded& ctx) {
  Fresh fresh;
  auto& identity = fresh.identity;
  const auto cert = read_text(config_.client_cert, "client certificate");
  const auto key = read_text(config_.client_key, "client key");
  const auto token = read_text(config_.token, "token");
  for (const auto* part : {&cert, &key, &token})
    if (!*part) return Failure(part->error());
  identity.cert_pem = *cert;
  identity.key_pem = *key;
  auto bearer = trim(token->reveal());
  if (config_.exec && bearer.empty()) {
    auto credential = run_plugin(ctx);
    if (!credential) return Failure(credential.error());
    bearer = credential->token.reveal();
    if (!credential->cert_pem.empty()) {
      identity.cert_pem = credential->cert_pem;
      identity.key_pem = credential->key_pem;
    }
    fresh.expires = credential->expires;
  }
  if (!bearer.empty())
    identity.authorization = Secret("Bearer " + bearer);
  else if (!config_.username.empty())
    identity.authorization = Secret("Basic " + encode_base64(config_.username + ":" + config_.password.reveal()));
  return fresh;
}

Result<ExecCredential> Credentials::run_plugin(const Bounded& ctx) {
  {
    const MutexLock lock(mutex_);
    if (failed_ && Clock::now() - read_at_ < kRunAgain) return Failure(*failed_);
  }
  auto credential = run_exec_plugin(ctx, *config_.exec, config_);
  const MutexLock lock(mutex_);
  failed_.reset();
  if (credential || credential.error().kind == ErrorKind::cancelled) return credential;
  failed_ = credential.error();
  read_at_ = Clock::now();
  return credential;
}

void Credentials::forget(const Secret& used) {
  {
    const MutexLock lock(mutex_);
    if (!cached_ || cached_->authorization != used) return;
  }
  forget();
}

void Credentials::forget() {
  const MutexLock lock(mutex_);
  if (!cached_ || (config_.exec && Clock::now() - read_at_ < kRunAgain)) return;
  cached_.reset();
  expires_.reset();
}

}  // namespace flux::cluster
