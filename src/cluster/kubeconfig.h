#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace flux::cluster {

/// A program that prints credentials (client.authentication.k8s.io/v1 or v1beta1).
struct ExecPlugin {
  std::string api_version;
  std::string command;  ///< absolute, or looked up in PATH; relative paths are made absolute by loading
  std::vector<std::string> args;
  std::vector<std::pair<std::string, Secret>> env;  ///< on top of our own environment
  std::string install_hint;
  bool provide_cluster_info = false;
  bool interactive = false;  ///< may ask the user, who is there (ConfigSources::has_terminal)
};

/// Text that stands in the configuration or in a file that may be replaced while we run.
struct TextOrFile {
  Secret text;                 ///< wins
  std::filesystem::path file;  ///< absolute
  [[nodiscard]] bool empty() const { return text.empty() && file.empty(); }
};

/// How to reach and convince one API server, resolved from a context of a kubeconfig or from the pod we run in.
struct Config {
  std::string server;  ///< URL without a trailing slash
  TextOrFile ca;       ///< PEM
  bool insecure_skip_verify = false;
  std::string tls_server_name;
  std::string proxy;

  TextOrFile client_cert;  ///< PEM
  TextOrFile client_key;   ///< PEM
  TextOrFile token;        ///< a file is read again once a minute and after 401
  std::string username;
  Secret password;
  std::optional<ExecPlugin> exec;
  std::vector<std::pair<std::string, std::string>> impersonate;  ///< headers that ask to act as somebody else

  std::string ns;      ///< of the current context; empty when it names none
  std::string pod_ns;  ///< the namespace we run in; empty outside a cluster
  std::string source;  ///< where it came from, for messages: file name(s) or `in-cluster`
};

/// Where to look for a configuration. environment() fills it in from the process; tests fill it in by hand.
struct ConfigSources {
  std::string explicit_file;  ///< --kube-config as given by the user; must exist
  std::string kubeconfig;     ///< $KUBECONFIG: files joined by `:`, of which missing ones are ignored
  std::string default_file;   ///< ~/.kube/config; may be missing
  std::string context;        ///< --context: used instead of the current context; empty: that
  bool has_terminal = false;  ///< somebody is there to answer an exec plugin, on our standard input
  std::string service_host;   ///< $KUBERNETES_SERVICE_HOST
  std::string service_port;   ///< $KUBERNETES_SERVICE_PORT
  std::filesystem::path service_account = "/var/run/secrets/kubernetes.io/serviceaccount";

  static ConfigSources environment(std::string explicit_file, std::string context = {});
};

/// Finds the configuration (compat/daemon.md 1.5): the explicit file, else $KUBECONFIG, else the default file, else the
/// pod's service account. Files without any cluster count as absent, but their context's namespace is kept. In several
/// files the first to name a cluster, user, context or the current context wins. User error when nothing is found or a
/// file is wrong; no message quotes a file's content.
[[nodiscard]] Result<Config> load_config(const ConfigSources& sources);

/// The namespace of the current context alone, whatever cluster is used; empty when none is named.
[[nodiscard]] std::string context_namespace(const ConfigSources& sources);

}  // namespace flux::cluster
