#include "daemon/deploy_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cstring>

#include "base/descriptor.h"
#include "base/read_file.h"
#include "cluster/deploy_key.h"
#include "daemon/keygen_dir.h"

namespace flux::daemon {
namespace {

namespace fs = std::filesystem;

constexpr Duration kAskSecret = std::chrono::seconds(10);

Failure cannot(std::string_view what, const fs::path& where, int error, std::string help = {}) {
  return fail(ErrorKind::server, fmt::format("{} {}: {}", what, where.string(), std::strerror(error)), std::move(help));
}

Result<Secret> read_key(const fs::path& file) {
  auto key = read_secret_file(file, "the deploy key");
  // Nothing that whoever asks for the key could mend.
  if (!key) key.error().kind = ErrorKind::server;
  return key;
}

/// ssh refuses a key of our own that others may read.
bool is_private(const fs::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return false;
  return found.st_uid != ::geteuid() || (found.st_mode & 077U) == 0;
}

Result<void> write_private(const fs::path& file, const Secret& text) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400));
  const auto& bytes = text.reveal();
  if (!out || ::write(out.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    return cannot("cannot write the deploy key to", file, errno);
  return {};
}

fs::path unused_name(const fs::path& file) { return file.string() + ".new"; }

/// Puts a link to `target` under a name beside `link`, so that only the renaming is left to do.
Result<fs::path> prepare_link(const fs::path& link, const fs::path& target) {
  auto beside = unused_name(link);
  ::unlink(beside.c_str());
  if (::symlink(target.c_str(), beside.c_str()) != 0) return cannot("cannot make the link", beside, errno);
  return beside;
}

Result<void> put_in_place(const fs::path& prepared, const fs::path& link) {
  if (::rename(prepared.c_str(), link.c_str()) == 0) return {};
  const int error = errno;
  ::unlink(prepared.c_str());
  return cannot("cannot replace", link, error);
}

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

bool wants_deploy_key(const std::optional<git::Url>& url, const fs::path& mark) {
  std::error_code ignored;
  return fs::is_directory(mark, ignored) && !(url && url->is_http());
}

DeployKey::DeployKey(DeployKeyOptions options, cluster::Client& client, std::unique_ptr<git::CloneDir> private_dir)
    : options_(std::move(options)), client_(client), private_dir_(std::move(private_dir)) {}

Result<std::unique_ptr<DeployKey>> DeployKey::load(const Bounded& ctx, DeployKeyOptions options,
                                                   cluster::Client& client) {
  if (options.keygen_dir.empty()) options.keygen_dir = options.mount_path;
  auto private_dir = git::CloneDir::make(options.temp_dir.empty() ? git::temp_directory() : options.temp_dir);
  if (!private_dir) return wrap(private_dir.error(), "preparing the deploy key");
  KeygenDir::sweep(options.keygen_dir, options.keygen_dir / options.data_key);
  std::unique_ptr<DeployKey> key(new DeployKey(std::move(options), client, std::move(*private_dir)));
  if (auto found = key->find(ctx); !found) return Failure(found.error());
  const auto log = ctx.log.with({{"component", "cluster"}});
  log({{"identity", fs::weakly_canonical(key->identity_file()).string()}});
  log({{"identity.pub", trimmed(key->public_key().text)}});
  return key;
}

Result<void> DeployKey::find(const Bounded& ctx) {
  const auto mounted = options_.mount_path / options_.data_key;
  std::error_code ignored;
  if (fs::exists(mounted, ignored)) return use(ctx, mounted);
  const auto taken = take_from_secret(ctx);
  if (!taken) return Failure(taken.error());
  if (*taken) return {};
  if (auto made = regenerate(ctx); !made) return Failure(made.error());
  return {};
}

/// Whoever may not read the secret has always been able to fill it: that is no failure.
Result<bool> DeployKey::take_from_secret(const Bounded& ctx) {
  const auto stored = cluster::read_deploy_key(ctx.with_timeout(kAskSecret), client_, options_.ns, options_.secret_name,
                                               options_.data_key);
  if (ctx.done()) return Failure(ctx.check().error());
  if (!stored || stored->empty()) return false;
  const auto copy = private_dir_->path() / "from-secret";
  if (auto ok = write_private(copy, *stored); !ok) return Failure(ok.error());
  if (auto ok = use(ctx, copy); !ok) return Failure(ok.error());
  return true;
}

/// Makes `key` the one that identity_file() leads to. A mounted file that cannot be made private is copied.
Result<void> DeployKey::use(const Bounded& ctx, const fs::path& key) {
  fs::path target = fs::absolute(key);
  // Through the link, since what it leads to changes when the secret does.
  if (!is_private(target)) ::chmod(target.c_str(), 0400);
  if (!is_private(target)) {
    const auto key_text = read_key(target);
    if (!key_text) return Failure(key_text.error());
    target = private_dir_->path() / "copy";
    ::unlink(target.c_str());
    if (auto ok = write_private(target, *key_text); !ok) return ok;
  }
  auto public_key = git::read_ssh_public_key(ctx, target);
  if (!public_key) return wrap(public_key.error(), key.string());
  const auto link = prepare_link(identity_file(), target);
  if (!link) return Failure(link.error());
  if (auto ok = put_in_place(*link, identity_file()); !ok) return ok;
  const MutexLock lock(mutex_);
  public_key_ = std::move(*public_key);
  return {};
}

Result<git::SshPublicKey> DeployKey::regenerate(const Bounded& ctx) {
  const MutexLock one(generating_);
  auto dir = KeygenDir::make(options_.keygen_dir);
  if (!dir) return Failure(dir.error());
  const auto file = dir->path() / "identity";
  if (auto ok = git::generate_ssh_key(ctx, file, options_.keygen); !ok) return Failure(ok.error());
  auto private_key = read_key(file);
  if (!private_key) return Failure(private_key.error());
  const auto public_key = read_key(file.string() + ".pub");
  if (!public_key) return Failure(public_key.error());

  const auto link = options_.keygen_dir / options_.data_key;
  const auto before = KeygenDir::behind(link);
  // All that can fail here comes before the secret changes, which cannot be taken back.
  const auto prepared = prepare_link(link, file);
  if (!prepared) return Failure(prepared.error());
  const auto stored = cluster::store_deploy_key(ctx, client_, options_.ns, options_.secret_name, options_.data_key,
                                                {std::move(*private_key), public_key->reveal()});
  if (!stored) {
    ::unlink(prepared->c_str());
    return Failure(stored.error());
  }
  dir->keep();
  if (auto ok = put_in_place(*prepared, link); !ok) return Failure(ok.error());
  if (auto ok = use(ctx, file); !ok) return Failure(ok.error());
  std::error_code ignored;
  if (!before.empty()) fs::remove_all(before, ignored);
  auto key = this->public_key();
  ctx.log.with({{"component", "cluster"}})(
      {{"info", "generated a new deploy key"}, {"identity.pub", trimmed(key.text)}});
  return key;
}

git::SshPublicKey DeployKey::public_key() const {
  const MutexLock lock(mutex_);
  return public_key_;
}

}  // namespace flux::daemon
