#include "images/credentials/google.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"

namespace flux::images {
namespace {

constexpr Duration kGooglePatience = std::chrono::seconds(3);
constexpr Duration kGoogleEmbargo = std::chrono::minutes(5);
constexpr Duration kBeforeGoogleExpiry = std::chrono::minutes(2);
constexpr std::size_t kMaxGoogleAnswer = std::size_t{64} << 10;

}  // namespace

bool is_google_registry(std::string_view host) {
  return host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with("-docker.pkg.dev");
}

Google::Google(SendRequest send, Environment env, Log log, std::function<Timestamp()> now)
    : send_(std::move(send)), env_(std::move(env)), log_(std::move(log)), now_(std::move(now)) {}

std::optional<Credential> Google::credential(const Bounded& ctx) {
  if ((credential_ && now_() < good_until_) || now_() < not_before_) return credential_;
  const auto ok = refresh(ctx);
  const auto said = ok ? std::string() : ok.error().message;
  if (!ok) {
    not_before_ = now_() + kGoogleEmbargo;
    if (now_() >= good_until_ + kBeforeGoogleExpiry) credential_.reset();
    if (said != told_ && !ctx.stopped())
      log_({{"warning", "there are no credentials of Google for its registries, so they are asked as anybody"},
            {"err", said}});
  }
  told_ = said;
  return credential_;
}

Result<void> Google::refresh(const Bounded& ctx) {
  auto host = env_("GCE_METADATA_HOST");
  if (host.empty()) host = "metadata.google.internal";
  http::ClientRequest request;
  request.url = fmt::format("http://{}/computeMetadata/v1/instance/service-accounts/default/token", host);
  request.headers = {{"Metadata-Flavor", "Google"}};
  request.max_body = kMaxGoogleAnswer;
  const auto answer = send_(ctx.with_timeout(kGooglePatience), std::move(request));
  if (!answer) return Failure(answer.error());
  if (answer->status != 200)
    return fail(ErrorKind::server, fmt::format("the metadata server {} answered with HTTP {}", host, answer->status));
  const auto json = parse_json(answer->body).value_or(nullptr);
  const auto token = json.is_object() ? json.find("access_token") : json.end();
  if (!json.is_object() || token == json.end() || !token->is_string() || token->get_ref<const std::string&>().empty())
    return fail(ErrorKind::server, fmt::format("the metadata server {} gave no token", host));
  Duration life = std::chrono::minutes(5);
  if (const auto expires = json.find("expires_in"); expires != json.end() && expires->is_number())
    life = std::chrono::seconds(std::clamp<std::int64_t>(expires->get<std::int64_t>(), 0, 86400));
  credential_ = Credential{"oauth2accesstoken", Secret(token->get<std::string>()), "Google's metadata server"};
  good_until_ = now_() + life - kBeforeGoogleExpiry;
  return {};
}

}  // namespace flux::images
