#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/secret.h"

namespace flux::daemon {

/// The flags of fluxd with their defaults (compat/daemon.md 1.2), one field each. Values are as written: see
/// options_check.h for what they come to.
struct Options {
  std::string log_format = "fmt";
  std::string listen = ":3030";
  std::string listen_metrics;  ///< empty: `/metrics` is on `listen`
  // Ours, not in Flux v1.
  std::string api_token_file;   ///< empty: no token is asked for
  std::string listen_tls_cert;  ///< empty, as listen_tls_key: plain HTTP
  std::string listen_tls_key;
  std::string webhook_secret_file;  ///< empty: no webhooks
  std::string listen_webhooks;      ///< empty: webhooks are on `listen` only
  Duration healthz_limit{};         ///< zero: follows from the intervals (health.h)
  bool version = false;

  struct Git {
    Secret url;  ///< may hold a password
    std::string branch = "master";
    std::vector<std::string> paths;
    bool readonly = false;
    std::string user = "Weave Flux";
    std::string email = "support@weave.works";
    bool set_author = false;
    std::string label;
    bool secret = false;  ///< run git-secret
    std::string sync_tag = "flux-sync";
    std::string notes_ref = "flux";
    bool ci_skip = false;
    std::string ci_skip_message;
    Duration poll_interval = std::chrono::minutes(5);
    Duration timeout = std::chrono::seconds(20);
    std::vector<std::string> gpg_key_import;
    std::string signing_key;
    bool verify_signatures = false;  ///< deprecated
    std::string verify_signatures_mode;
  } git;

  bool sops = false;
  bool manifest_generation = false;

  struct Sync {
    Duration interval = std::chrono::minutes(5);
    Duration timeout = std::chrono::minutes(1);
    bool garbage_collection = false;
    bool garbage_collection_dry = false;
    bool keep_additions = false;                ///< what people add with kubectl stays; ours
    double garbage_collection_max_share = 0.5;  ///< of the managed objects, 0 to 1; ours
    std::string state = "git";
  } sync;

  struct Memcached {
    std::string hostname = "memcached";
    std::int64_t port = 11211;
    Duration timeout = std::chrono::seconds(1);
    std::string service = "memcached";
  } memcached;

  Duration automation_interval = std::chrono::minutes(5);
  bool automation_never_downgrade = false;  ///< ours

  struct Registry {
    bool disable_scanning = false;
    Duration poll_interval = std::chrono::minutes(5);  ///< deprecated
    double rps = 50;
    std::int64_t burst = 10;
    bool trace = false;
    std::vector<std::string> insecure_hosts;
    std::vector<std::string> auth_hosts;                ///< ours
    std::vector<std::string> platforms{"linux/amd64"};  ///< ours
    std::vector<std::string> exclude_images{"k8s.gcr.io/*"};
    std::vector<std::string> include_images;
    std::vector<std::string> use_labels{"index.docker.io/weaveworks/*", "index.docker.io/fluxcd/*"};
    std::optional<std::vector<std::string>> ecr_regions;      ///< nothing: autodetect; empty: none
    std::optional<std::vector<std::string>> ecr_include_ids;  ///< nothing: any account
    std::vector<std::string> ecr_exclude_ids{"602401143452", "918309763551"};
    std::vector<std::string> require;
    Duration cache_expiry{};  ///< deprecated, unused
    std::string cache_dir;    ///< ours; empty and not given: see scanning/image_cache.h
    std::string docker_config;
  } registry;

  struct Kubernetes {
    bool in_cluster = true;  ///< deprecated, unused
    std::string secret_name = "flux-git-deploy";
    std::string secret_volume_mount_path = "/etc/fluxd/ssh";
    std::string secret_data_key = "identity";
    std::vector<std::string> namespace_whitelist;  ///< deprecated
    std::vector<std::string> allow_namespaces;
    std::string default_namespace;
    std::vector<std::string> unsafe_exclude_resources{"*metrics.k8s.io/*", "webhook.certmanager.k8s.io/*", "v1/Event"};
    std::int64_t verbosity = 0;
    std::string kubectl;      ///< unused: no kubectl is run
    std::string kube_config;  ///< deprecated but in effect
  } kubernetes;

  struct SshKeygen {
    std::optional<std::uint64_t> bits;
    std::string type;
    std::string format;
    std::string dir;
  } ssh_keygen;

  struct Upstream {
    std::string connect;
    Secret token;
    Duration rpc_timeout = std::chrono::seconds(10);
  } upstream;

  /// Names of the flags on the command line, without dashes.
  std::set<std::string, std::less<>> given;

  [[nodiscard]] bool was_given(std::string_view flag) const { return given.contains(flag); }
};

/// What to print before leaving, and the exit status.
struct ExitNow {
  int status = 0;
  std::string out;
  std::string err;
};

/// A command line that was read. Print `notices` on standard error first; then leave if `exit` says so.
struct Invocation {
  Options options;
  std::vector<std::string> notices;  ///< one line for each use of a deprecated flag
  std::optional<ExitNow> exit;       ///< help, version or a bad command line
};

/// Reads the arguments after the program's name. `version` is what `--version` prints; `home` is the user's home
/// directory or empty. Positional arguments are ignored. No text names the git URL's password or the token.
[[nodiscard]] Invocation read_command_line(const std::vector<std::string>& args, std::string_view version,
                                           const std::string& home);

}  // namespace flux::daemon
