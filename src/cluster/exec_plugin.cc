#include "cluster/exec_plugin.h"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>

#include <string_view>

#include "base/base64.h"
#include "base/json.h"
#include "base/process.h"
#include "base/timestamp.h"
#include "cluster/json_reader.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kGoZeroTime = "0001-01-01T00:00:00Z";  // client-go takes it for "does not expire"
constexpr Duration kPatienceWithPlugin = std::chrono::minutes(1);
constexpr Duration kPatienceWithUser = std::chrono::minutes(5);
constexpr std::size_t kMaxOutput = 1 << 20;
constexpr std::size_t kMaxQuoted = 400;

std::string exec_info(const ExecPlugin& plugin, const Config& config) {
  SortedJson info = {
      {"apiVersion", plugin.api_version}, {"kind", "ExecCredential"}, {"spec", {{"interactive", plugin.interactive}}}};
  if (plugin.provide_cluster_info) {
    auto& cluster = info["spec"]["cluster"];
    cluster["server"] = config.server;
    if (config.insecure_skip_verify) cluster["insecure-skip-tls-verify"] = true;
    if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
    if (!config.ca.text.empty()) cluster["certificate-authority-data"] = encode_base64(config.ca.text.reveal());
    if (!config.proxy.empty()) cluster["proxy-url"] = config.proxy;
  }
  return dump_json(info);
}

// The plugin sees all of our environment, as users of kubectl expect (AWS_PROFILE, HOME, ...); later names replace.
std::vector<std::string> environment_of(const ExecPlugin& plugin, const Config& config) {
  std::vector<std::string> env;
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(env, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    env.push_back(name + "=" + value);
  };
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) env.emplace_back(*entry);
  for (const auto& [name, value] : plugin.env) set(name, value.reveal());
  set("KUBERNETES_EXEC_INFO", exec_info(plugin, config));
  return env;
}

std::string help_for(const ExecPlugin& plugin) {
  if (!plugin.install_hint.empty()) return plugin.install_hint;
  return "Run the command of the kubeconfig's user by hand to see what it lacks; in a container it must be on PATH.";
}

std::string quote_output(const std::string& text, const ExecPlugin& plugin) {
  std::vector<Secret> secrets;
  for (const auto& [name, value] : plugin.env) secrets.push_back(value);
  auto quoted = scrub(text, secrets);
  while (!quoted.empty() && (quoted.back() == '\n' || quoted.back() == ' ')) quoted.pop_back();
  if (quoted.size() > kMaxQuoted) quoted = "..." + quoted.substr(quoted.size() - kMaxQuoted);
  return quoted;
}

/// Our clock ends in 2262, and some plugins say "never" with a year far beyond.
std::optional<Timestamp> parse_expiry(std::string text) {
  static constexpr std::string_view kFar = "2260";  // has a 29th of February, so that any day is one
  if (text.substr(0, kFar.size()) > kFar) text.replace(0, kFar.size(), kFar);
  return parse_timestamp(text);
}

}  // namespace

Result<ExecCredential> decode_exec_credential(const std::string& output, const ExecPlugin& plugin) {
  std::string version;
  std::string token;
  std::string cert;
  std::string key_pem;
  std::string expires;
  JsonReader json(output);
  json.object([&](std::string_view key) {
    if (key == "apiVersion") return json.string(version);
    if (key != "status") return json.skip();
    json.object([&](std::string_view field) {
      if (field == "token") return json.string(token);
      if (field == "clientCertificateData") return json.string(cert);
      if (field == "clientKeyData") return json.string(key_pem);
      if (field == "expirationTimestamp") return json.string(expires);
      json.skip();
    });
  });
  const auto wrong = [&](std::string what) {
    return fail(ErrorKind::server, fmt::format("credential plugin {}: {}", plugin.command, what), help_for(plugin));
  };
  if (json.failed()) return wrong("what it printed is not an ExecCredential in JSON");
  if (version != plugin.api_version)
    return wrong(fmt::format("it printed an ExecCredential of version \"{}\", the kubeconfig says {}", version,
                             plugin.api_version));
  if (cert.empty() != key_pem.empty()) return wrong("it printed a certificate without a key, or a key without one");
  if (token.empty() && cert.empty()) return wrong("it printed neither a token nor a certificate");
  ExecCredential credential{Secret(std::move(token)), Secret(std::move(cert)), Secret(std::move(key_pem)), {}};
  if (expires.empty() || expires == kGoZeroTime) return credential;
  credential.expires = parse_expiry(expires);
  if (!credential.expires) return wrong("its expirationTimestamp is not a time");
  return credential;
}

Result<ExecCredential> run_exec_plugin(const Bounded& ctx, const ExecPlugin& plugin, const Config& config) {
  Command command;
  command.argv = {plugin.command};
  command.argv.insert(command.argv.end(), plugin.args.begin(), plugin.args.end());
  command.env = environment_of(plugin, config);
  command.max_output = kMaxOutput;
  command.on_terminal = plugin.interactive;
  const auto patience = plugin.interactive ? kPatienceWithUser : kPatienceWithPlugin;
  const auto exit = run(ctx.with_timeout(patience), command);
  if (!exit) {
    if (exit.error().kind == ErrorKind::cancelled && ctx.done()) return Failure(exit.error());
    const auto why = exit.error().kind == ErrorKind::cancelled ? "no answer within " + format_duration(patience)
                                                               : exit.error().message;
    return fail(ErrorKind::server, fmt::format("credential plugin {}: {}", plugin.command, why), help_for(plugin));
  }
  if (exit->status != 0) {
    const auto said = quote_output(exit->err, plugin);  // nothing where the user has seen it
    return fail(ErrorKind::server,
                fmt::format("credential plugin {}: exit status {}{}{}", plugin.command, exit->status,
                            said.empty() ? "" : ": ", said),
                help_for(plugin));
  }
  return decode_exec_credential(exit->out, plugin);
}

}  // namespace flux::cluster
