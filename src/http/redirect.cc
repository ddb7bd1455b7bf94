#include "http/redirect.h"

#include <fmt/format.h>

#include <array>

#include "base/ascii.h"
#include "http/url.h"

namespace flux::http {
namespace {

bool may_know_credentials(const RedirectPolicy& policy, const Url& from, const Url& to) {
  if (from.origin() == to.origin()) return true;
  return policy.authorize_host && from.host == to.host && (from.scheme == to.scheme || to.scheme == "https");
}

bool becomes_get(const ClientRequest& request, int status) {
  if (status == 303) return request.method != "GET" && request.method != "HEAD";
  return (status == 301 || status == 302) && request.method == "POST" && !request.redirects.keep_method;
}

Headers without(const Headers& headers, const auto& names) {
  Headers kept;
  for (const auto& [name, value] : headers)
    if (std::ranges::none_of(names, [&](std::string_view other) { return equal_ignoring_case(name, other); }))
      kept.add(name, value);
  return kept;
}

void make_get(ClientRequest& request) {
  static constexpr std::array<std::string_view, 5> kOfBody{"Content-Type", "Content-Encoding", "Content-Language",
                                                           "Content-Location", "Content-Length"};
  request.method = "GET";
  request.body.clear();
  request.headers = without(request.headers, kOfBody);
}

void leave_origin(ClientRequest& request, const std::shared_ptr<const TlsProfile>& own) {
  static constexpr std::array<std::string_view, 4> kOfOrigin{"Authorization", "Cookie", "Proxy-Authorization", "Host"};
  request.authorization = {};
  request.signer.reset();
  request.headers = without(request.headers, kOfOrigin);
  request.tls = (request.tls ? request.tls : own)->for_other_servers();
}

}  // namespace

bool is_followed(const RedirectPolicy& policy, const ClientResponse& answer) {
  const auto status = answer.status;
  const bool redirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  return policy.limit > 0 && redirect && answer.headers.get("Location");
}

Result<ClientRequest> redirected(ClientRequest request, const ClientResponse& answer,
                                 const std::shared_ptr<const TlsProfile>& own) {
  auto address = resolve(request.url, answer.headers.get("Location").value_or(""));
  if (!address)
    return fail(ErrorKind::server, "redirect: " + address.error().message,
                "The server, or a proxy before it, redirects requests to an address that is not valid.");
  const auto from = parse_url(request.url);
  const auto to = parse_url(*address);
  if (!from || !to) return Failure((from ? to : from).error());
  if (from->scheme == "https" && to->scheme == "http" && !request.redirects.allow_plain)
    return fail(ErrorKind::server, fmt::format("redirected to {}, which is not encrypted", to->display),
                "Find out why the server sends requests there; what it answers could be anybody's.");
  if (becomes_get(request, answer.status)) make_get(request);
  if (!may_know_credentials(request.redirects, *from, *to)) leave_origin(request, own);
  request.url = *std::move(address);
  return request;
}

}  // namespace flux::http
