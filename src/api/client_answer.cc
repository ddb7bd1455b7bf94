#include "api/client_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/response_head.h"
#include "http/url.h"
#include "model/json_reader.h"

namespace flux::api {
namespace {

/// Of what is no API error, perhaps a proxy's page.
constexpr std::size_t kShownBytes = 2000;

bool is_success(int status) { return status == 200 || status == 201 || status == 202 || status == 204; }

Error not_authenticated() {
  return {ErrorKind::user, "The request failed authentication",
          "The request failed authentication\n\n"
          "The server wants a token, and this request carried none or not the right one.\n"
          "Give it with --token, or in the environment variable FLUX_SERVICE_TOKEN.\n"};
}

/// For a terminal: what moves its cursor is left out.
std::string shown(std::string_view body) {
  std::string text(body.substr(0, kShownBytes));
  if (body.size() > kShownBytes) text += " ...";
  std::erase_if(text,
                [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == '\x7f'; });
  text.erase(text.find_last_not_of(" \n\t") + 1);
  return text;
}

ErrorKind kind_of(const std::string& type) {
  if (type == "missing") return ErrorKind::missing;
  return type == "user" ? ErrorKind::user : ErrorKind::server;
}

/// Nothing when the body is not an error of the API.
std::optional<Error> api_error(const http::ClientResponse& response) {
  if (!response.headers.get("Content-Type").value_or("").starts_with("application/json")) return std::nullopt;
  const auto json = decode_json(response.body);
  if (!json || !json->is_object()) return std::nullopt;
  ObjectReader in(*json);
  Error error{kind_of(in.text("type")), in.text("error"), in.text("help")};
  auto read = in.done(std::move(error));
  if (!read || read->message.empty()) return std::nullopt;
  if (read->help.empty()) read->help = read->message;
  return *std::move(read);
}

/// `Get` for GET, as Go names them.
std::string title_case(std::string_view method) {
  std::string out(method);
  std::transform(out.begin() + 1, out.end(), out.begin() + 1, [](char c) { return static_cast<char>(c | 0x20); });
  return out;
}

}  // namespace

CallResult<Json> read_answer(const http::ClientResponse& response) {
  if (response.status == 401) return tl::unexpected(CallError{not_authenticated(), true});
  if (is_success(response.status)) {
    if (response.body.empty()) return Json();
    auto json = decode_json(response.body);
    if (!json) return tl::unexpected(undecodable(std::move(json.error())));
    return *std::move(json);
  }
  if (auto error = api_error(response)) return tl::unexpected(CallError{*std::move(error), true});
  const auto body = shown(response.body);
  return tl::unexpected(
      CallError{{response.status == 404 ? ErrorKind::missing : ErrorKind::server,
                 fmt::format("executing HTTP request: {} {}{}{}", response.status, http::reason_phrase(response.status),
                             body.empty() ? "" : " ", body),
                 "This is not an answer of fluxd. Check that the URL is that of its API: it ends in /api/flux."},
                false});
}

CallError no_answer(const std::string& method, const std::string& url, Error error) {
  const auto parsed = http::parse_url(url);
  // The transport names the request by method and address, too; once is enough.
  if (const auto prefix = parsed ? fmt::format("{} {}: ", method, parsed->display) : std::string();
      error.message.starts_with(prefix))
    error.message.erase(0, prefix.size());
  const auto query = std::min(url.find('?'), url.size());
  error.message = fmt::format("executing HTTP request: executing HTTP request: {} \"{}{}\": {}", title_case(method),
                              parsed ? parsed->display : "", url.substr(query), error.message);
  return {std::move(error), false};
}

CallError undecodable(Error error) {
  error.message.insert(0, "decoding response from server: ");
  error.help = "Check that the URL is that of fluxd's API, and that fluxd is of a version that this client knows.";
  return {std::move(error), false};
}

}  // namespace flux::api
