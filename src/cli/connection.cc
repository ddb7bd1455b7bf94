#include "cli/connection.h"

#include <fmt/format.h>

#include "base/flags_number.h"
#include "base/flags_value.h"

namespace flux::cli {
namespace {

constexpr std::string_view kHostedUrl = "https://cloud.weave.works/api/flux";

Result<Duration> read_timeout(const std::string& text) {
  if (const auto seconds = parse_int(text); seconds) return std::chrono::seconds(*seconds);
  auto timeout = parse_duration(text);
  if (!timeout)
    return fail(ErrorKind::user, fmt::format("reading FLUX_TIMEOUT: {}", timeout.error().message),
                "Write a duration such as 90s or 2m.");
  return timeout;
}

Result<std::map<std::string, std::string>> read_labels(const std::string& text) {
  std::map<std::string, std::string> labels;
  if (auto stored = store_flag_value(&labels, text, true); !stored)
    return fail(ErrorKind::user, fmt::format("reading FLUX_FORWARD_LABELS: {}", stored.error().message),
                stored.error().help);
  return labels;
}

}  // namespace

Result<Route> choose_route(const Invocation& line, const Variables& variable) {
  const auto& globals = line.globals;
  // What the command line leaves open.
  const auto from_environment = [&](std::string_view flag, std::string_view name) {
    return line.given.contains(flag) ? std::nullopt : variable(name);
  };
  Route route{globals.url, globals.token, globals.timeout, globals.context, {}};
  route.daemon.ns = from_environment("k8s-fwd-ns", "FLUX_FORWARD_NAMESPACE").value_or(globals.forward_ns);
  auto labels = globals.forward_labels;
  if (const auto text = from_environment("k8s-fwd-labels", "FLUX_FORWARD_LABELS")) {
    auto read = read_labels(*text);
    if (!read) return Failure(read.error());
    labels = *std::move(read);
  }
  route.daemon.labels.assign(labels.begin(), labels.end());
  if (auto url = from_environment("url", "FLUX_URL")) route.url = *std::move(url);
  for (const auto* name : {"FLUX_SERVICE_TOKEN", "WEAVE_CLOUD_TOKEN"})
    if (auto token = from_environment("token", name)) route.token = Secret(*std::move(token));
  if (const auto text = from_environment("timeout", "FLUX_TIMEOUT")) {
    const auto read = read_timeout(*text);
    if (!read) return Failure(read.error());
    route.timeout = *read;
  }
  if (route.url.empty() && !route.token.empty()) route.url = kHostedUrl;
  return route;
}

cluster::ConfigSources kubernetes_of(const Invocation& line, const Surroundings& surroundings) {
  auto sources = surroundings.kubernetes;
  sources.context = line.globals.context;
  return sources;
}

std::string workload_namespace(const std::string& given, const Invocation& line, const Surroundings& surroundings) {
  if (!given.empty()) return given;
  auto ns = cluster::context_namespace(kubernetes_of(line, surroundings));
  return ns.empty() ? "default" : ns;
}

}  // namespace flux::cli
