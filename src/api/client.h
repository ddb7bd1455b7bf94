#pragma once

#include <memory>
#include <string>
#include <vector>

#include "api/wire/controller_status.h"
#include "api/wire/daemon_status.h"
#include "api/wire/explanation.h"
#include "api/wire/git_config.h"
#include "api/wire/image_status.h"
#include "api/wire/job_status.h"
#include "api/wire/list_options.h"
#include "api/wire/sync_diff.h"
#include "base/context.h"
#include "base/secret.h"
#include "http/client.h"
#include "model/update_spec.h"

namespace flux::api {

/// Why a call failed.
struct CallError {
  Error error;
  /// The daemon said so in its own words: show `error.help` under `== Error ==`, it tells the whole story. Otherwise
  /// show `error.message` (compat/fluxctl.md 1.5). Also true for a 401, whose help is ours.
  bool answered = false;
};

template <class T>
using CallResult = tl::expected<T, CallError>;

struct ClientOptions {
  /// Where the API is, such as `http://127.0.0.1:3030/api/flux`; a trailing slash does no harm, a query is dropped.
  std::string url;
  Secret token{};                                   ///< sent as `Authorization: Scope-Probe token=...`; empty: none
  Duration call_timeout = std::chrono::minutes(1);  ///< for each call beside the context's own end
  http::ClientOptions transport{};
};

/// A daemon's API from outside: fluxctl's side of api::Service (compat/api.md 9, fluxctl.md 1.6). Proxies of the
/// environment apply, except for this machine itself. Redirects are followed; the token goes to no other host.
/// Any thread; a call blocks its caller.
class Client {
 public:
  /// User error when the URL is none (`parsing URL: ...`) or TLS material is unusable.
  static Result<std::unique_ptr<Client>> make(ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  CallResult<void> ping(const Context& ctx);
  CallResult<std::string> version(const Context& ctx);
  /// Over the route of Flux v1 that older daemons know unless `options.services` asks for certain ones.
  CallResult<std::vector<ControllerStatus>> list_services(const Context& ctx, const ListServicesOptions& options);
  CallResult<std::vector<ImageStatus>> list_images(const Context& ctx, const ListImagesOptions& options);
  CallResult<std::string> update_manifests(const Context& ctx, const UpdateSpec& spec);
  CallResult<JobStatus> job_status(const Context& ctx, const std::string& id);
  CallResult<std::vector<std::string>> sync_status(const Context& ctx, const std::string& ref);
  /// YAML; empty when there is nothing.
  CallResult<std::string> export_manifests(const Context& ctx);
  CallResult<GitConfig> git_repo_config(const Context& ctx, bool regenerate);
  CallResult<DaemonStatus> status(const Context& ctx);
  CallResult<Explanation> explain(const Context& ctx, const ResourceId& id, bool all_tags);
  CallResult<SyncDiff> diff(const Context& ctx, const std::string& ref);

 private:
  class Wire;
  explicit Client(std::unique_ptr<Wire> wire);
  std::unique_ptr<Wire> wire_;
};

}  // namespace flux::api
