#include "images/credentials/azure.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/json.h"
#include "base/read_file.h"
#include "http/url.h"
#include "images/credentials/json_text.h"

namespace flux::images {
namespace {

constexpr Duration kAzurePatience = std::chrono::seconds(5);
constexpr Duration kKept = std::chrono::hours(1);  // a registry's token lives for three
constexpr Duration kAzureEmbargo = std::chrono::minutes(5);
constexpr std::size_t kMaxAzureAnswer = std::size_t{256} << 10;
constexpr std::size_t kMostHosts = 1000;
constexpr std::string_view kNobody = "00000000-0000-0000-0000-000000000000";  // who comes with a token

/// Whose tokens a registry takes.
std::string management_of(std::string_view host) {
  if (host.ends_with(".cn")) return "https://management.chinacloudapi.cn/";
  if (host.ends_with(".us")) return "https://management.usgovcloudapi.net/";
  if (host.ends_with(".de")) return "https://management.microsoftazure.de/";
  return "https://management.azure.com/";
}

}  // namespace

bool is_azure_registry(std::string_view host) {
  static constexpr std::array<std::string_view, 4> kDomains{".azurecr.io", ".azurecr.cn", ".azurecr.de", ".azurecr.us"};
  return std::ranges::any_of(kDomains, [&](std::string_view domain) { return host.ends_with(domain); });
}

std::optional<AzureFile> parse_azure_file(const Secret& text) {
  const auto json = parse_json(text.reveal());
  if (!json || !json->is_object()) return std::nullopt;
  AzureFile file{text_at(*json, "aadClientId"), Secret(text_at(*json, "aadClientSecret")), false,
                 text_at(*json, "userAssignedIdentityID"), text_at(*json, "tenantId")};
  const auto managed = json->find("useManagedIdentityExtension");
  file.managed = managed != json->end() && managed->is_boolean() && managed->get<bool>();
  return file;
}

Azure::Azure(SendRequest send, Environment env, std::filesystem::path file, Log log, std::function<Timestamp()> now)
    : send_(std::move(send)),
      env_(std::move(env)),
      file_(std::move(file)),
      log_(std::move(log)),
      now_(std::move(now)) {}

std::optional<Credential> Azure::credential(const Bounded& ctx, const std::string& host) {
  if (known_.size() > kMostHosts) known_.clear();
  auto& known = known_[host];
  if (now_() < known.good_until) return known.credential;
  auto found = find(ctx, host);
  const auto said = found ? std::string() : found.error().message;
  if (!found && said != known.told && !ctx.stopped())
    log_({{"warning", "there are no credentials of Azure for this registry, so it is asked as anybody"},
          {"host", host},
          {"err", found.error()}});
  known.told = said;
  known.credential = found ? std::move(*found) : std::nullopt;
  known.good_until = now_() + (known.credential ? kKept : kAzureEmbargo);
  return known.credential;
}

Result<std::optional<Credential>> Azure::find(const Bounded& ctx, const std::string& host) {
  const auto management = management_of(host);
  const auto with = [&](Result<Identity> identity) -> Result<std::optional<Credential>> {
    if (!identity) return Failure(identity.error());
    auto credential = exchange(ctx, host, *identity);
    if (!credential) return Failure(credential.error());
    return *credential;
  };
  if (!env_("AZURE_FEDERATED_TOKEN_FILE").empty()) return with(workload_identity(ctx, management + ".default"));
  std::error_code ignored;
  if (!std::filesystem::exists(file_, ignored)) return std::nullopt;
  const auto text = read_secret_file(file_, "Azure configuration");
  if (!text) return Failure(text.error());
  const auto file = parse_azure_file(*text);
  if (!file) return fail(ErrorKind::user, fmt::format("{} is no JSON object", file_.string()));
  if (file->managed) return with(managed_identity(ctx, *file, management));
  if (file->client_id.empty() || file->client_secret.empty())
    return fail(ErrorKind::user, fmt::format("{} has no aadClientId or no aadClientSecret", file_.string()));
  return Credential{file->client_id, file->client_secret, file_.string()};
}

Result<Secret> Azure::ask(const Bounded& ctx, http::ClientRequest request, const char* field, const std::string& what) {
  request.max_body = kMaxAzureAnswer;
  const auto answer = send_(ctx.with_timeout(kAzurePatience), std::move(request));
  if (!answer) return wrap(answer.error(), what);
  if (answer->status != 200) return fail(ErrorKind::server, fmt::format("{}: HTTP {}", what, answer->status));
  auto token = text_at(parse_json(answer->body).value_or(nullptr), field);
  if (token.empty()) return fail(ErrorKind::server, fmt::format("{}: the answer holds no {}", what, field));
  return Secret(std::move(token));
}

Result<Azure::Identity> Azure::workload_identity(const Bounded& ctx, const std::string& scope) {
  const auto token = read_secret_file(env_("AZURE_FEDERATED_TOKEN_FILE"), "Azure token");
  if (!token) return Failure(token.error());
  auto authority = env_("AZURE_AUTHORITY_HOST");
  if (authority.empty()) authority = "https://login.microsoftonline.com/";
  if (!authority.ends_with('/')) authority += '/';
  Identity identity{{}, env_("AZURE_TENANT_ID"), "the Azure workload identity " + env_("AZURE_CLIENT_ID")};
  http::ClientRequest request;
  request.method = "POST";
  request.url = fmt::format("{}{}/oauth2/v2.0/token", authority, http::encode_query(identity.tenant));
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body =
      fmt::format("grant_type=client_credentials&client_id={}&scope={}&client_assertion_type={}&client_assertion={}",
                  http::encode_query(env_("AZURE_CLIENT_ID")), http::encode_query(scope),
                  http::encode_query("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                  http::encode_query(token->reveal()));
  auto got = ask(ctx, std::move(request), "access_token", "asking Azure for a token of " + identity.from);
  if (!got) return Failure(got.error());
  identity.token = std::move(*got);
  return identity;
}

Result<Azure::Identity> Azure::managed_identity(const Bounded& ctx, const AzureFile& file,
                                                const std::string& resource) {
  auto base = env_("AZURE_POD_IDENTITY_AUTHORITY_HOST");
  while (base.ends_with('/')) base.pop_back();
  if (base.empty()) base = "http://169.254.169.254";
  http::ClientRequest request;
  request.url = fmt::format("{}/metadata/identity/oauth2/token?api-version=2018-02-01&resource={}", base,
                            http::encode_query(resource));
  if (!file.managed_id.empty()) request.url += "&client_id=" + http::encode_query(file.managed_id);
  request.headers = {{"Metadata", "true"}};
  auto token = ask(ctx, std::move(request), "access_token", "asking Azure's metadata service for the managed identity");
  if (!token) return Failure(token.error());
  return Identity{std::move(*token), file.tenant, "the Azure managed identity"};
}

Result<Credential> Azure::exchange(const Bounded& ctx, const std::string& host, const Identity& identity) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = fmt::format("https://{}/oauth2/exchange", host);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = fmt::format("grant_type=access_token&service={}&access_token={}", http::encode_query(host),
                             http::encode_query(identity.token.reveal()));
  if (!identity.tenant.empty()) request.body += "&tenant=" + http::encode_query(identity.tenant);
  auto token = ask(ctx, std::move(request), "refresh_token", fmt::format("exchanging {} at {}", identity.from, host));
  if (!token) return Failure(token.error());
  return Credential{std::string(kNobody), std::move(*token), identity.from};
}

}  // namespace flux::images
