#include "cluster/kubeconfig.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/base64.h"
#include "base/json.h"
#include "cluster/client.h"
#include "cluster/kubeconfig_file.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kExecV1 = "client.authentication.k8s.io/v1";
constexpr std::string_view kExecV1beta1 = "client.authentication.k8s.io/v1beta1";

std::string environment_variable(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(':', at), list.size());
    if (end > at) parts.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// A scalar as text: a user name such as 1234 is a number to YAML.
std::string text_of(const SortedJson& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null() || found->is_structured()) return {};
  return found->is_string() ? found->get<std::string>() : dump_json(*found);
}

bool flag_of(const SortedJson& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

std::filesystem::path path_of(const KubeconfigEntry& entry, const char* key) {
  const auto text = text_of(entry.value, key);
  return text.empty() ? std::filesystem::path{} : (entry.dir / text).lexically_normal();
}

/// `key`-data in base64 wins over the file that `key` names, as in kubectl.
Result<TextOrFile> text_or_file(const KubeconfigEntry& entry, const std::string& key, const Config& config) {
  TextOrFile out;
  out.file = path_of(entry, key.c_str());
  const auto data = text_of(entry.value, (key + "-data").c_str());
  if (data.empty()) return out;
  auto decoded = decode_base64(data);
  if (!decoded) return fail(ErrorKind::user, fmt::format("kubeconfig {}: {}-data is not base64", config.source, key));
  return TextOrFile{Secret(std::move(*decoded)), {}};
}

std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.empty() && url.find("://") == std::string::npos) url.insert(0, "http://");  // as kubectl reads host:port
  return url;
}

Result<void> read_cluster(const KubeconfigEntry& entry, Config& config) {
  config.server = without_slashes(text_of(entry.value, "server"));
  config.insecure_skip_verify = flag_of(entry.value, "insecure-skip-tls-verify");
  config.tls_server_name = text_of(entry.value, "tls-server-name");
  config.proxy = text_of(entry.value, "proxy-url");
  auto ca = text_or_file(entry, "certificate-authority", config);
  if (!ca) return Failure(ca.error());
  config.ca = std::move(*ca);
  return {};
}

Result<ExecPlugin> read_exec(const SortedJson& exec, const std::filesystem::path& dir, const Config& config,
                             bool has_terminal) {
  const auto wrong = [&](std::string what) {
    return fail(ErrorKind::user, fmt::format("kubeconfig {}: exec plugin: {}", config.source, what));
  };
  ExecPlugin plugin;
  plugin.api_version = text_of(exec, "apiVersion");
  plugin.command = text_of(exec, "command");
  plugin.install_hint = text_of(exec, "installHint");
  plugin.provide_cluster_info = flag_of(exec, "provideClusterInfo");
  if (plugin.api_version != kExecV1 && plugin.api_version != kExecV1beta1)
    return wrong(
        fmt::format("apiVersion \"{}\" is not supported, only {} and {}", plugin.api_version, kExecV1, kExecV1beta1));
  if (plugin.command.empty()) return wrong("it has no command");
  const auto mode = text_of(exec, "interactiveMode");
  if (mode == "Always" && !has_terminal)
    return wrong("interactiveMode is Always, but there is no terminal on which somebody could answer");
  plugin.interactive = has_terminal && mode != "Never";
  if (plugin.command.find('/') != std::string::npos)
    plugin.command = (dir / plugin.command).lexically_normal().string();
  if (const auto args = exec.find("args"); args != exec.end() && args->is_array())
    for (const auto& arg : *args) plugin.args.push_back(arg.is_string() ? arg.get<std::string>() : dump_json(arg));
  if (const auto env = exec.find("env"); env != exec.end() && env->is_array())
    for (const auto& variable : *env)
      if (variable.is_object()) plugin.env.emplace_back(text_of(variable, "name"), Secret(text_of(variable, "value")));
  return plugin;
}

std::vector<std::string> texts_of(const SortedJson& object, const char* key) {
  std::vector<std::string> texts;
  if (const auto found = object.find(key); found != object.end() && found->is_array())
    for (const auto& each : *found) texts.push_back(each.is_string() ? each.get<std::string>() : dump_json(each));
  return texts;
}

void read_impersonation(const SortedJson& user, Config& config) {
  auto& headers = config.impersonate;
  if (const auto name = text_of(user, "as"); !name.empty()) headers.emplace_back("Impersonate-User", name);
  if (const auto uid = text_of(user, "as-uid"); !uid.empty()) headers.emplace_back("Impersonate-Uid", uid);
  for (auto& group : texts_of(user, "as-groups")) headers.emplace_back("Impersonate-Group", std::move(group));
  if (const auto extra = user.find("as-user-extra"); extra != user.end() && extra->is_object())
    for (const auto& [key, values] : extra->items())
      for (auto& value : texts_of(*extra, key.c_str()))
        headers.emplace_back("Impersonate-Extra-" + encode_uri(key), std::move(value));
}

Result<void> read_user(const KubeconfigEntry& entry, Config& config, bool has_terminal) {
  read_impersonation(entry.value, config);
  auto cert = text_or_file(entry, "client-certificate", config);
  if (!cert) return Failure(cert.error());
  auto key = text_or_file(entry, "client-key", config);
  if (!key) return Failure(key.error());
  config.client_cert = std::move(*cert);
  config.client_key = std::move(*key);
  config.token.file = path_of(entry, "tokenFile");
  // kubectl reads the file even where a token is written beside it.
  if (config.token.file.empty()) config.token.text = Secret(text_of(entry.value, "token"));
  config.username = text_of(entry.value, "username");
  config.password = Secret(text_of(entry.value, "password"));
  if (entry.value.contains("auth-provider") && config.token.empty() && config.client_cert.empty())
    return fail(ErrorKind::user,
                fmt::format("kubeconfig {}: `auth-provider` was removed from Kubernetes 1.26", config.source),
                "Use an exec plugin of your cloud provider instead, or a token.");
  if (const auto exec = entry.value.find("exec"); exec != entry.value.end() && exec->is_object()) {
    auto plugin = read_exec(*exec, entry.dir, config, has_terminal);
    if (!plugin) return Failure(plugin.error());
    config.exec = std::move(*plugin);
  }
  return {};
}

std::string read_word(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return word;
}

Result<Config> in_cluster(const ConfigSources& sources) {
  const auto token = sources.service_account / "token";
  std::error_code ignored;
  if (sources.service_host.empty() || sources.service_port.empty() || !std::filesystem::exists(token, ignored))
    return fail(ErrorKind::user, "no kubeconfig names a cluster, and this is not a pod with a service account",
                "Set KUBECONFIG or --kube-config, or run in a pod whose service account token is mounted.");
  Config config;
  const bool v6 = sources.service_host.find(':') != std::string::npos;
  config.server =
      fmt::format(fmt::runtime(v6 ? "https://[{}]:{}" : "https://{}:{}"), sources.service_host, sources.service_port);
  config.token.file = token;
  if (const auto ca = sources.service_account / "ca.crt"; std::filesystem::exists(ca, ignored)) config.ca.file = ca;
  config.source = "in-cluster";
  return config;
}

Result<Kubeconfig> read_files(const ConfigSources& sources) {
  if (!sources.explicit_file.empty()) return read_kubeconfig({sources.explicit_file}, true);
  if (!sources.kubeconfig.empty()) return read_kubeconfig(split(sources.kubeconfig), false);
  return read_kubeconfig({sources.default_file}, false);
}

Result<Kubeconfig> find_kubeconfig(const ConfigSources& sources) {
  auto kubeconfig = read_files(sources);
  if (!kubeconfig || sources.context.empty()) return kubeconfig;
  if (!kubeconfig->contexts.contains(sources.context))
    return fail(ErrorKind::user,
                fmt::format("context \"{}\" does not exist in {}", sources.context,
                            kubeconfig->source.empty() ? "any kubeconfig" : "kubeconfig " + kubeconfig->source),
                "`kubectl config get-contexts` lists them.");
  kubeconfig->current_context = sources.context;
  return kubeconfig;
}

std::string namespace_of(const Kubeconfig& kubeconfig) {
  const auto context = kubeconfig.contexts.find(kubeconfig.current_context);
  return context == kubeconfig.contexts.end() ? std::string{} : text_of(context->second.value, "namespace");
}

/// The cluster and user of the current context.
Result<Config> resolve(const Kubeconfig& kubeconfig, bool has_terminal) {
  Config config;
  config.source = kubeconfig.source;
  const auto wrong = [&](std::string what) {
    return fail(ErrorKind::user, fmt::format("kubeconfig {}: {}", config.source, what),
                "Choose a context with `kubectl config use-context NAME`.");
  };
  if (kubeconfig.current_context.empty()) return wrong("it has no current-context");
  const auto context = kubeconfig.contexts.find(kubeconfig.current_context);
  if (context == kubeconfig.contexts.end())
    return wrong(fmt::format("its current context \"{}\" does not exist", kubeconfig.current_context));
  const auto cluster_name = text_of(context->second.value, "cluster");
  const auto user_name = text_of(context->second.value, "user");
  const auto cluster = kubeconfig.clusters.find(cluster_name);
  if (cluster == kubeconfig.clusters.end())
    return wrong(fmt::format("its current context names a cluster \"{}\" that does not exist", cluster_name));
  const auto user = kubeconfig.users.find(user_name);
  if (!user_name.empty() && user == kubeconfig.users.end())
    return wrong(fmt::format("its current context names a user \"{}\" that does not exist", user_name));
  if (auto read = read_cluster(cluster->second, config); !read) return Failure(read.error());
  if (config.server.empty()) return wrong(fmt::format("its cluster \"{}\" has no server", cluster_name));
  if (user_name.empty()) return config;
  if (auto read = read_user(user->second, config, has_terminal); !read) return Failure(read.error());
  return config;
}

}  // namespace

ConfigSources ConfigSources::environment(std::string explicit_file, std::string context) {
  ConfigSources sources;
  sources.context = std::move(context);
  sources.explicit_file = std::move(explicit_file);
  sources.kubeconfig = environment_variable("KUBECONFIG");
  const auto home = environment_variable("HOME");
  if (!home.empty()) sources.default_file = home + "/.kube/config";
  sources.service_host = environment_variable("KUBERNETES_SERVICE_HOST");
  sources.service_port = environment_variable("KUBERNETES_SERVICE_PORT");
  return sources;
}

Result<Config> load_config(const ConfigSources& sources) {
  const auto kubeconfig = find_kubeconfig(sources);
  if (!kubeconfig) return Failure(kubeconfig.error());
  auto config = kubeconfig->clusters.empty() ? in_cluster(sources) : resolve(*kubeconfig, sources.has_terminal);
  if (!config) return config;
  config->ns = namespace_of(*kubeconfig);
  // The files alone may be left over from something else; Kubernetes tells every pod where its API is.
  if (!sources.service_host.empty()) config->pod_ns = read_word(sources.service_account / "namespace");
  return config;
}

std::string context_namespace(const ConfigSources& sources) {
  const auto kubeconfig = find_kubeconfig(sources);
  return kubeconfig ? namespace_of(*kubeconfig) : std::string{};
}

}  // namespace flux::cluster
