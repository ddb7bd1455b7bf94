#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "cluster/catalog.h"
#include "cluster/kubeconfig.h"
#include "cluster/object.h"
#include "cluster/status.h"
#include "cluster/transport.h"

namespace flux::cluster {

class Session;
class ToldWarnings;

/// As much is taken of an answer that is one object: the API server itself takes 3 MB, which JSON may double.
inline constexpr std::size_t kMaxObject = std::size_t{8} << 20;
/// The same of a page of a list, and of what has no pages. A longer page is asked for again as several smaller ones.
inline constexpr std::size_t kMaxPage = std::size_t{32} << 20;

/// One request to the API server, below the verbs.
struct Call {
  std::string method = "GET";
  std::string path;  ///< with query
  std::string accept = "application/json";
  std::string content_type;
  std::string body;
  std::string what;                     ///< names the object in errors; empty: the path
  bool retry_conflict = false;          ///< 409 is tried again too
  std::size_t max_answer = kMaxObject;  ///< bytes; a longer one is an error, and ApiError::too_long
};

struct ApplyRequest {
  Resource resource;
  std::string ns;  ///< empty for cluster-scoped types
  std::string name;
  std::string body;      ///< the whole object as JSON, without managedFields
  bool dry_run = false;  ///< the server checks and answers, but keeps nothing
};

struct DeleteRequest {
  Resource resource;
  std::string ns;
  std::string name;
  std::string uid;               ///< precondition; empty: none
  std::string resource_version;  ///< precondition; empty: none
};

struct ClientOptions {
  Duration request_timeout = std::chrono::seconds(30);
  int attempts = 6;                                         ///< of one request, the first included
  Duration first_backoff = std::chrono::milliseconds(100);  ///< doubles, with jitter
  Duration max_backoff = std::chrono::seconds(5);
  Duration max_retry_after = std::chrono::seconds(3);  ///< who is asked to wait longer gives up: others would wait, too
  int concurrency = 24;  ///< requests in flight of one batch; fewer while the server refuses
  std::size_t page_size = 250;
  std::string user_agent = "fluxd";
  Log log{};  ///< for failures of the connection itself, which are nobody's request
};

/// The Kubernetes client: verbs on objects. Any thread; a call blocks its caller only.
/// Requests that fail for lack of an answer, with 429, 500, 502, 503 or 504, are tried again until `attempts` or the
/// context's end; a short Retry-After is honoured, and a long one ends the request, for whoever sent it to come back
/// to; after 401 the credentials are read anew once.
class Client {
 public:
  static Result<std::unique_ptr<Client>> make(Config config, ClientOptions options = {},
                                              Connect connect = connect_http);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// `v1.31.0`: the server's gitVersion.
  ApiResult<std::string> server_version(const Bounded& ctx);
  [[nodiscard]] const std::string& host() const;  ///< the server's URL, for logs

  /// Raw GET of a path with query.
  ApiResult<std::string> get(const Bounded& ctx, std::string_view path);

  /// Metadata only. All pages; starts over, a bounded number of times, when the server forgets the list half way, and
  /// with smaller pages when one is too long.
  ApiResult<std::vector<Object>> list(const Bounded& ctx, const Resource& resource, std::string_view ns,
                                      std::string_view label_selector = {});
  struct Target {
    Resource resource;
    std::string ns;
    std::string name;
    bool keep_last_applied = false;  ///< these two for take_over_all()
    bool additions = false;          ///< also what people added with kubectl
  };
  /// Metadata only, many at once; one result for each, in their order.
  std::vector<ApiResult<Object>> get_all(const Bounded& ctx, std::span<const Target> targets);

  /// Server-side apply, forced, as field manager `fluxd`. The object as it is afterwards.
  ApiResult<Object> apply(const Bounded& ctx, ApplyRequest request);
  /// Many at once, in no particular order among themselves. One result for each request, in their order; requests not
  /// sent when the context ends are `cancelled`.
  std::vector<ApiResult<Object>> apply_all(const Bounded& ctx, std::span<const ApplyRequest> requests);
  /// The same for a large set: `make(i)` builds request i just before it is sent, `done(i, ...)` takes its result. Both
  /// are called on the caller's thread. So is `warned(i, text, last)`, before done: what the server has to say about a
  /// request that it granted (warnings.h), once for each text and kind as long as this client lives; `last`: no more
  /// will be told.
  using Warned = std::function<void(std::size_t, const std::string&, bool last)>;
  void apply_all(const Bounded& ctx, std::size_t count, const std::function<ApplyRequest(std::size_t)>& make,
                 const std::function<void(std::size_t, ApiResult<Object>)>& done, const Warned& warned = {});

  /// Deletes in the background (dependants follow later). Gone already counts as done. 409: the object is not the one
  /// that was meant any more. Does not wait for finalizers.
  ApiResult<void> remove(const Bounded& ctx, const DeleteRequest& request);
  std::vector<ApiResult<void>> remove_all(const Bounded& ctx, std::span<const DeleteRequest> requests);

  enum class PatchType { json, merge, strategic };
  /// Any patch, as field manager `fluxd`. The object as it is afterwards.
  ApiResult<Object> patch(const Bounded& ctx, const Resource& resource, std::string_view ns, std::string_view name,
                          PatchType type, std::string body);

  /// Makes what client-side applies wrote, and what people added where told to, into our own fields
  /// (cluster/takeover.h), so that the next apply removes what is no longer in git. True where there was something to
  /// take over. Repeats when an object changes meanwhile. Results in the order of `targets`.
  std::vector<ApiResult<bool>> take_over_all(const Bounded& ctx, std::span<const Target> targets);

  /// Below the verbs, for this folder: a batch of calls with retries, answers of 400 and more as errors.
  using Answered = std::function<void(std::size_t, ApiResult<http::ClientResponse>)>;
  void call_all(const Bounded& ctx, std::size_t count, const std::function<Call(std::size_t)>& make,
                const Answered& done);
  ApiResult<http::ClientResponse> call(const Bounded& ctx, const Call& call);

  /// One attempt, asynchronously; `done` on the transport's thread. For watches, which pace themselves.
  /// The request timeout bounds start(), the idle timeout a stream.
  void start(const Context& ctx, const Call& call, Transport::Done done);
  void start_stream(const Context& ctx, const Call& call, Transport::OnData on_data, Duration idle_timeout,
                    Transport::Done done);
  /// After a 401 seen through start(): the next request reads the credentials anew.
  void forget_credentials();

  [[nodiscard]] const ClientOptions& options() const { return options_; }

 private:
  Client(ClientOptions options, std::unique_ptr<Session> session);

  ClientOptions options_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<ToldWarnings> told_warnings_;
};

/// Accept headers for metadata only.
inline constexpr std::string_view kAcceptMetadata =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
inline constexpr std::string_view kAcceptMetadataList =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/// The calls behind apply(), list() and patch(), for the other files of this folder.
[[nodiscard]] Call apply_call(ApplyRequest request);
[[nodiscard]] Call list_call(const Resource& resource, std::string_view ns, std::string_view label_selector,
                             std::size_t limit, std::string_view next);
[[nodiscard]] Call patch_call(const Resource& resource, std::string_view ns, std::string_view name,
                              Client::PatchType type, std::string body);

/// How many objects to ask for where a page of `size` was too long; 0: a single one is.
[[nodiscard]] constexpr std::size_t smaller_page(std::size_t size) {
  return size <= 1 ? 0 : std::max<std::size_t>(1, size / 4);
}

/// Percent-encodes a path segment or query value.
[[nodiscard]] std::string encode_uri(std::string_view text);

}  // namespace flux::cluster
