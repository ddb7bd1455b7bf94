#include "daemon/options_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace flux::daemon {
namespace {

void apply_readonly(Settings& s) {
  const auto& o = s.options;
  s.secret_was_asked_for = o.sync.state == "secret";
  if (!o.git.readonly) return;
  if (o.sync.state == "git") {
    s.options.sync.state = "secret";
    s.records.push_back({{"warning",
                          "--git-readonly is set, so the sync state is not kept in git but in a secret; outside of a "
                          "cluster in memory, until the end of this process"}});
  }
  static constexpr std::array<std::string_view, 6> kForWriting{"git-user",       "git-email",   "git-sync-tag",
                                                               "git-set-author", "git-ci-skip", "git-ci-skip-message"};
  std::string useless;
  for (const auto flag : kForWriting)
    if (o.was_given(flag)) useless += fmt::format("{}--{}", useless.empty() ? "" : ", ", flag);
  if (!useless.empty())
    s.records.push_back({{"warning", "--git-readonly is set, so these flags have no effect: " + useless}});
}

void resolve_automation_interval(Settings& s) {
  auto& o = s.options;
  if (o.was_given("registry-poll-interval") && !o.was_given("automation-interval"))
    o.automation_interval = o.registry.poll_interval;
}

std::optional<LogRecord> resolve_verify_mode(Settings& s) {
  const auto& mode = s.options.git.verify_signatures_mode;
  if (!s.options.was_given("git-verify-signatures-mode")) {
    s.verify = s.options.git.verify_signatures ? VerifyMode::all : VerifyMode::none;
    return std::nullopt;
  }
  if (mode == "all")
    s.verify = VerifyMode::all;
  else if (mode == "first-parent")
    s.verify = VerifyMode::first_parent;
  else if (!mode.empty() && mode != "none")
    return LogRecord{{"error", fmt::format("'{}' is not a valid git-verify-signatures-mode", mode)}};
  return std::nullopt;
}

void apply_label(Settings& s) {
  auto& o = s.options;
  if (!o.was_given("git-label")) return;
  for (const auto* flag : {"git-sync-tag", "git-notes-ref"})
    if (o.was_given(flag)) s.records.push_back({{"overridden", flag}, {"value", o.git.label}});
  o.git.sync_tag = o.git.label;
  o.git.notes_ref = o.git.label;
}

void resolve_skip_message(Settings& s) {
  auto& git = s.options.git;
  if (git.ci_skip && git.ci_skip_message.empty()) git.ci_skip_message = "\n\n[ci skip]";
}

bool climbs_out(std::string_view path) {
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    if (path.substr(start, end - start) == "..") return true;
    start = end + 1;
  }
  return false;
}

std::optional<LogRecord> check_paths(const Settings& s) {
  for (const auto& path : s.options.git.paths)
    if (path.starts_with('/'))
      return LogRecord{{"err", "subdirectory given as --git-path should not have leading forward slash"}};
  for (const auto& path : s.options.git.paths)
    if (climbs_out(path))
      return LogRecord{
          {"err", fmt::format("--git-path must stay within the repository, but {} has a \"..\" in it", path)}};
  return std::nullopt;
}

/// What git would take for an option of its own. The URL is not quoted: it may hold a password.
std::optional<LogRecord> check_git_names(const Settings& s) {
  const auto& git = s.options.git;
  if (git.url.reveal().starts_with('-')) return LogRecord{{"err", "--git-url must not start with a dash"}};
  const std::array<std::pair<std::string_view, std::string_view>, 3> names{
      {{"git-branch", git.branch}, {"git-sync-tag", git.sync_tag}, {"git-notes-ref", git.notes_ref}}};
  for (const auto& [flag, value] : names)
    if (value.starts_with('-'))
      return LogRecord{{"err", fmt::format("--{} must not start with a dash, but it is {}", flag, value)}};
  return std::nullopt;
}

void detect_http(Settings& s) {
  const auto& url = s.options.git.url.reveal();
  const auto scheme = to_lower(url.substr(0, url.find(':')));
  s.git_over_http = url.size() > scheme.size() && (scheme == "http" || scheme == "https");
}

std::optional<LogRecord> check_upstream(const Settings& s) {
  const auto& url = s.options.upstream.connect;
  if (url.empty()) return std::nullopt;
  static constexpr std::array<std::string_view, 4> kSchemes{"ws://", "wss://", "http://", "https://"};
  const auto lower = to_lower(url);
  for (const auto scheme : kSchemes)
    if (lower.starts_with(scheme) && lower.size() > scheme.size()) return std::nullopt;
  // Not quoted: it may hold a token.
  return LogRecord{{"err", "--connect must be a URL that begins with ws://, wss://, http:// or https://"}};
}

std::optional<LogRecord> check_values(const Settings& s) {
  const auto& o = s.options;
  if (o.listen_tls_cert.empty() != o.listen_tls_key.empty())
    return LogRecord{{"err", "--listen-tls-cert and --listen-tls-key must be given together"}};
  if (!o.listen_webhooks.empty() && o.webhook_secret_file.empty())
    return LogRecord{
        {"err", "--listen-webhooks needs --webhook-secret-file: nobody may tell of images without a secret"}};
  for (const auto& name : o.registry.require)
    if (name != "ecr") return LogRecord{{"err", fmt::format("--registry-require knows only ecr, not '{}'", name)}};
  if (o.registry.burst <= 0)
    return LogRecord{{"err", fmt::format("--registry-burst must be above 0, but it is {}", o.registry.burst)}};
  // Written so that NaN fails as well.
  if (const auto share = o.sync.garbage_collection_max_share; !(share >= 0 && share <= 1))
    return LogRecord{
        {"err", fmt::format("--sync-garbage-collection-max-share must be from 0 to 1, but it is {}", share)}};
  return std::nullopt;
}

std::optional<LogRecord> resolve_sync_state(Settings& s) {
  const auto& state = s.options.sync.state;
  if (state != "git" && state != "secret")
    return LogRecord{{"err", fmt::format("--sync-state must be git or secret, but it is '{}'", state)}};
  s.sync_state = state == "secret" ? SyncState::secret : SyncState::git;
  return std::nullopt;
}

void warn_of_missing_keys(Settings& s) {
  const auto& o = s.options;
  if (!o.git.gpg_key_import.empty()) return;
  const std::array<std::pair<bool, std::string_view>, 2> users{{{o.git.secret, "git-secret"}, {o.sops, "sops"}}};
  for (const auto& [in_use, flag] : users)
    if (in_use)
      s.records.push_back(
          {{"warning", fmt::format("--{} is set, but no key is imported with --git-gpg-key-import", flag)}});
}

void warn_of_idle_webhooks(Settings& s) {
  const auto& o = s.options;
  if (!o.webhook_secret_file.empty() && o.registry.disable_scanning)
    s.records.push_back({{"warning", "--registry-disable-scanning is set, so webhooks have no effect"}});
}

void unite_namespaces(Settings& s) {
  auto& k8s = s.options.kubernetes;
  for (const auto& name : k8s.namespace_whitelist)
    if (std::ranges::find(k8s.allow_namespaces, name) == k8s.allow_namespaces.end())
      k8s.allow_namespaces.push_back(name);
}

}  // namespace

Settings check(Options options) {
  Settings s;
  s.options = std::move(options);
  apply_readonly(s);
  resolve_automation_interval(s);
  if ((s.fatal = resolve_verify_mode(s))) return s;
  apply_label(s);
  resolve_skip_message(s);
  if ((s.fatal = check_paths(s))) return s;
  if ((s.fatal = check_git_names(s))) return s;
  detect_http(s);
  if ((s.fatal = check_values(s))) return s;
  if ((s.fatal = check_upstream(s))) return s;
  if ((s.fatal = resolve_sync_state(s))) return s;
  warn_of_missing_keys(s);
  warn_of_idle_webhooks(s);
  unite_namespaces(s);
  return s;
}

void write(const Log& log, const LogRecord& record, std::source_location where) {
  auto filled = log;
  for (const auto& field : record) filled = filled.with({field});
  filled({}, where);
}

}  // namespace flux::daemon
