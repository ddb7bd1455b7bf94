#include "daemon/scanning/image_scanning.h"

#include <utility>

#include "daemon/listing/find.h"
#include "daemon/scanning/image_cache.h"
#include "daemon/scanning/scan_credentials.h"
#include "daemon/scanning/targets.h"
#include "http/client.h"
#include "images/scanner/scanner.h"

namespace flux::daemon {
namespace {

constexpr Duration kPreflight = std::chrono::seconds(20);

images::ScannerOptions scanner_options(const Options& options) {
  images::ScannerOptions out;
  out.registry.insecure_hosts = options.registry.insecure_hosts;
  out.registry.auth_hosts = options.registry.auth_hosts;
  out.registry.trace = options.registry.trace;
  out.rps = options.registry.rps;
  out.burst = static_cast<std::size_t>(std::max<std::int64_t>(options.registry.burst, 1));
  return out;
}

}  // namespace

struct ImageScanning::State {
  State(const Options::Registry& options, ScanningParts with, const Log& to)
      : parts(with),
        log(to),
        credentials(
            options, with.cluster.client,
            [this](const Bounded& ctx, http::ClientRequest request) { return client->send(ctx, std::move(request)); },
            images::process_environment(), to) {}

  Result<std::vector<images::Target>> collect(const Bounded& ctx) {
    const auto catalog = parts.cluster.discovery.catalog(ctx);
    if (!catalog) return Failure(catalog.error());
    const auto live = find_workloads(ctx, parts.cluster.client, **catalog, {allowed, {}, {}});
    if (!live) return Failure(live.error());
    auto targets =
        scan_targets(*live, [&state = parts.state] { return state.report.latest()->desired.resources; }, scope);
    credentials.fill(ctx, *live, targets);
    return targets;
  }

  const ScanningParts parts;
  const Log log;
  ScanCredentials credentials;
  std::vector<std::string> allowed;
  ScanScope scope;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<images::Store> store;
  std::unique_ptr<images::Scanner> scanner;
};

ImageScanning::ImageScanning() = default;
ImageScanning::~ImageScanning() = default;

Result<std::unique_ptr<ImageScanning>> ImageScanning::make(const Options& options, ScanningParts parts, Log log,
                                                           const std::string& version) {
  auto platforms = images::parse_platforms(options.registry.platforms);
  if (!platforms) return Failure(platforms.error());
  auto client = http::Client::make({.user_agent = "fluxd/" + version, .log = log});
  if (!client) return Failure(client.error());
  std::unique_ptr<ImageScanning> made(new ImageScanning);
  made->state_ = std::make_unique<State>(options.registry, parts, log);
  auto& state = *made->state_;
  state.client = std::move(*client);
  state.allowed = options.kubernetes.allow_namespaces;
  state.scope = {options.registry.include_images, options.registry.exclude_images};
  state.store = open_image_cache(
      options,
      [&metrics = parts.metrics](std::string_view method, Duration took, bool success) {
        metrics.cache_request.observe(took, method, success);
      },
      state.log);
  auto scanning = scanner_options(options);
  scanning.registry.platforms = std::move(*platforms);
  images::ScannerParts scanner_parts{
      .send = [&state](const Bounded& ctx,
                       http::ClientRequest request) { return state.client->send(ctx, std::move(request)); },
      .store = *state.store,
      .collect = [&state](const Bounded& ctx) { return state.collect(ctx); },
      .observe = [&metrics = parts.metrics](std::string_view kind, Duration took,
                                            bool success) { metrics.client_fetch.observe(took, kind, success); },
      .on_change = [&state] { state.parts.state.triggers.automation_due(); },
  };
  state.scanner = std::make_unique<images::Scanner>(std::move(scanning), std::move(scanner_parts), state.log);
  return made;
}

Result<void> ImageScanning::start(const Context& ctx) {
  if (auto ok = state_->credentials.preflight(ctx.with_timeout(kPreflight)); !ok) return ok;
  return state_->scanner->start(ctx);
}

bool ImageScanning::notice(const ImageRef& image) { return state_->scanner->prioritize(image); }

void ImageScanning::workloads_changed() { state_->scanner->collect_soon(); }

std::vector<images::ImageHealth> ImageScanning::health() const { return state_->scanner->health(); }

KnownImages ImageScanning::known(const Bounded& ctx) const {
  return [&ctx, &state = *state_](const std::string& name) -> std::optional<images::Repository> {
    const auto began = Clock::now();
    auto record = state.store->read(ctx, name);
    const bool found = record && *record && (*record)->repository.last_update;
    state.parts.metrics.registry_fetch.observe(Clock::now() - began, found);
    if (!record) ctx.log({{"err", record.error()}, {"image", name}});
    if (!record || !*record) return std::nullopt;
    auto repository = std::move((*record)->repository);
    for (auto& [tag, attempt] : (*record)->states)
      if (!attempt.error.empty()) repository.failed.emplace(tag, std::move(attempt.error));
    return repository;
  };
}

}  // namespace flux::daemon
