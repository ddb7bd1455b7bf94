#include "api/responses.h"

#include <fmt/format.h>

#include <string>

#include "base/json.h"

namespace flux::api {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
constexpr std::string_view kJsonText = "application/json; charset=utf-8";

http::ServerResponse response(int status, std::string_view type, std::string body) {
  http::ServerResponse out;
  out.status = status;
  out.headers.add("Content-Type", std::string(type));
  out.body = std::move(body);
  return out;
}

std::string_view class_name(ErrorKind kind) { return kind == ErrorKind::missing ? "missing" : "user"; }

/// fluxctl prints the help alone, so it has to tell the whole story.
std::string whole_help(const Error& error) {
  if (!error.help.empty()) return fmt::format("Error: {}\n\n{}\n", error.message, error.help);
  const bool inside = error.kind == ErrorKind::server || error.kind == ErrorKind::cancelled;
  const auto* advice = inside ? "Something that fluxd depends on has failed: the cluster, the git repository or "
                                "the network between them.\nThe log of fluxd tells more; trying again may help."
                              : "There is no more specific advice for this error. The log of fluxd may tell more.";
  return fmt::format("Error: {}\n\n{}\n", error.message, advice);
}

http::ServerResponse write_error(int status, Error error, ErrorBody body, bool classified) {
  if (error.message.empty()) error.message = "unknown error";
  switch (body) {
    case ErrorBody::json:
      return response(
          status, kJsonText,
          encode_json({{"type", class_name(error.kind)}, {"help", whole_help(error)}, {"error", error.message}}));
    case ErrorBody::help:
      return response(status, kPlainText, classified ? whole_help(error) : error.message);
    case ErrorBody::message:
      break;
  }
  return response(status, kPlainText, error.message);
}

std::string encode_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_.~$&+,/:;=@").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

http::ServerResponse json_response(const Json& body) { return response(200, kJsonText, encode_json(body)); }

http::ServerResponse empty_response(int status) {
  http::ServerResponse out;
  out.status = status;
  return out;
}

http::ServerResponse text_response(int status, std::string body) {
  return response(status, kPlainText, std::move(body));
}

http::ServerResponse redirect(std::string_view path, std::string_view target) {
  const auto query = target.find('?');
  auto out = text_response(301, "Moved Permanently\n");
  out.headers.add("Location",
                  encode_path(path) + std::string(query == std::string_view::npos ? "" : target.substr(query)));
  return out;
}

http::ServerResponse error_response(const Error& error, ErrorBody body) {
  return write_error(error.kind == ErrorKind::missing ? 404 : 422, error, body, true);
}

http::ServerResponse bad_request(const Error& error, ErrorBody body) {
  return write_error(400, {ErrorKind::user, error.message, error.help}, body, false);
}

http::ServerResponse not_authorized(ErrorBody body) {
  auto out = write_error(401,
                         {ErrorKind::user, "the request needs the token of this daemon",
                          "Send it as \"Authorization: Bearer TOKEN\"; fluxctl does so with --token or "
                          "FLUX_SERVICE_TOKEN. The daemon was given the token by its own flags."},
                         body, true);
  out.headers.add("WWW-Authenticate", "Bearer");
  return out;
}

http::ServerResponse not_routed(int status, const Error& error, ErrorBody body) {
  return write_error(status, {ErrorKind::missing, error.message, error.help}, body, true);
}

}  // namespace flux::api
