#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/guarded.h"
#include "base/result.h"
#include "cluster/client.h"
#include "git/clone_dir.h"
#include "git/ssh_key.h"
#include "git/url.h"

namespace flux::daemon {

struct DeployKeyOptions {
  std::filesystem::path mount_path = "/etc/fluxd/ssh";  ///< --k8s-secret-volume-mount-path
  std::string data_key = "identity";                    ///< --k8s-secret-data-key
  std::filesystem::path keygen_dir;                     ///< --ssh-keygen-dir; empty: the mount path
  git::KeygenOptions keygen;
  std::string ns;                               ///< of our pod, where the secret is
  std::string secret_name = "flux-git-deploy";  ///< --k8s-secret-name
  std::filesystem::path temp_dir;               ///< for private files; empty: TMPDIR, else /tmp
};

/// Where every pod with a service account has it.
inline constexpr std::string_view kInClusterMark = "/var/run/secrets/kubernetes.io";

/// Whether there is a deploy key at all: in a cluster (`mark` is a directory), unless git is reached over HTTP. Without
/// a URL there is one: people register the key before they have a repository (compat/daemon.md 2.11).
[[nodiscard]] bool wants_deploy_key(const std::optional<git::Url>& url, const std::filesystem::path& mark);

/// The ssh key that git shows to the upstream repository, its copy in the cluster's secret, and its public half for the
/// API. Any thread. public_key() and identity_file() answer at once; regenerate() blocks, one caller at a time.
class DeployKey {
 public:
  /// Takes the mounted key. Is none mounted, the one that the secret holds: an earlier pod of ours can have stored it
  /// before the volume was filled. Only when there is none either, one is generated and stored (compat/daemon.md 2.11).
  /// Logs the public key. An error means that there is no usable key; Flux v1 ended then. `client` must outlive this.
  static Result<std::unique_ptr<DeployKey>> load(const Bounded& ctx, DeployKeyOptions options, cluster::Client& client);
  DeployKey(const DeployKey&) = delete;
  DeployKey& operator=(const DeployKey&) = delete;
  ~DeployKey() = default;  ///< removes the private files

  /// Makes a new pair in the keygen directory and stores it in the secret; only then it is used, here and by whoever
  /// follows the link `<keygen directory>/<data key>`. On failure the old one stays. Returns the new public key.
  Result<git::SshPublicKey> regenerate(const Bounded& ctx);

  [[nodiscard]] git::SshPublicKey public_key() const;

  /// For git::ssh_command(): the same path as long as we live, always leading to the current key, with a mode that ssh
  /// accepts whatever the mounted file has.
  [[nodiscard]] std::filesystem::path identity_file() const { return private_dir_->path() / "identity"; }

 private:
  DeployKey(DeployKeyOptions options, cluster::Client& client, std::unique_ptr<git::CloneDir> private_dir);
  Result<void> find(const Bounded& ctx);
  Result<bool> take_from_secret(const Bounded& ctx);
  Result<void> use(const Bounded& ctx, const std::filesystem::path& key);

  const DeployKeyOptions options_;
  cluster::Client& client_;
  const std::unique_ptr<git::CloneDir> private_dir_;
  Mutex generating_;  // one at a time
  mutable Mutex mutex_;
  git::SshPublicKey public_key_ GUARDED_BY(mutex_);
};

}  // namespace flux::daemon
