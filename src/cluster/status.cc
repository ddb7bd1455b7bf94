#include "cluster/status.h"

#include <fmt/format.h>

#include <array>

#include "base/utf8.h"
#include "cluster/immutable.h"
#include "cluster/json_reader.h"
#include "http/url.h"

namespace flux::cluster {
namespace {

constexpr int kInvalid = 422;

struct Status {
  std::string kind;
  std::string reason;
  std::string message;
  std::string causes;  // those that the message does not tell already
  bool any_immutable = false;
  bool all_immutable = true;
};

void read_cause(JsonReader& json, Status& status) {
  std::string reason;
  std::string field;
  std::string message;
  json.object([&](std::string_view key) {
    if (key == "reason") return json.string(reason);
    if (key == "field") return json.string(field);
    if (key == "message") return json.string(message);
    json.skip();
  });
  if (says_immutable(reason, message))
    status.any_immutable = true;
  else
    status.all_immutable = false;
  if (message.empty() || status.message.find(message) != std::string::npos) return;
  if (!status.causes.empty()) status.causes += "; ";
  status.causes += field.empty() ? message : field + ": " + message;
}

Status read_status(std::string_view body) {
  Status status;
  std::string_view details;
  JsonReader json(body);
  json.object([&](std::string_view key) {
    if (key == "kind") return json.string(status.kind);
    if (key == "reason") return json.string(status.reason);
    if (key == "message") return json.string(status.message);
    if (key != "details") return json.skip();
    details = json.raw();
  });
  if (json.failed() || status.kind != "Status") return {};
  JsonReader inner(details);
  if (!details.empty())
    inner.object([&](std::string_view key) {
      if (key != "causes") return inner.skip();
      inner.array([&] { read_cause(inner, status); });
    });
  return status;
}

// A proxy's error page or an empty body: enough of it to recognise it, on one line.
std::string excerpt(std::string_view body) {
  auto text = replace_invalid_utf8(body.substr(0, 200));
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

ErrorKind kind_of(int code) {
  switch (code) {
    case 404:
      return ErrorKind::missing;
    case 400:
    case 403:
    case 405:
    case 409:
    case 413:
    case 415:
    case 422:
      return ErrorKind::user;
    default:
      return ErrorKind::server;
  }
}

/// 403 is also how admission says no: who has all rights is told so, too.
std::string_view help_for_403(std::string_view message) {
  struct Cause {
    std::string_view sign;  ///< in the API server's own words
    std::string_view help;
  };
  static constexpr std::array kCauses{
      Cause{"violates PodSecurity",
            "The Pod Security level of the namespace forbids this pod: change the pod, or the namespace's label "
            "pod-security.kubernetes.io/enforce."},
      Cause{"exceeded quota",
            "A ResourceQuota of the namespace is used up: raise it, or ask for less. fluxd tries again by itself."},
      Cause{"failed quota",
            "A ResourceQuota of the namespace wants requests or limits that this resource does not set: set them."},
      Cause{"is forbidden: maximum", "A LimitRange of the namespace allows less: change it, or ask for less."},
      Cause{"is forbidden: minimum", "A LimitRange of the namespace wants more: change it, or ask for more."},
      Cause{"because it is being terminated",
            "The namespace is being deleted. fluxd applies the resource once the namespace is there again; if it does "
            "not "
            "go, look for finalizers."},
      Cause{"this namespace may not be deleted", "Kubernetes itself needs this namespace; leave it alone."},
      Cause{"admission webhook", "A webhook of the cluster refuses it: its message tells what to change."},
      Cause{"denied request", "An admission policy of the cluster refuses it: its message tells what to change."},
  };
  for (const auto& cause : kCauses)
    if (message.find(cause.sign) != std::string_view::npos) return cause.help;
  if (message.empty() || message.find(" cannot ") != std::string_view::npos)
    return "Give the user or service account that fluxd runs as the right to do this, or restrict fluxd to the "
           "namespaces it may use with --k8s-allow-namespace.";
  return "The API server forbids it for the reason in its message; the rights of fluxd's service account are not it.";
}

std::string_view help_for(int code, std::string_view message) {
  switch (code) {
    case 401:
      return "The API server does not accept our credentials: check the user or service account that fluxd runs as.";
    case 403:
      return help_for_403(message);
    case 413:
      return "The API server takes 3 MB, and etcd usually 1.5 MB, for one object: split it.";
    default:
      return {};
  }
}

}  // namespace

ApiError decode_status(int code, std::string_view body, std::string_view what) {
  const auto status = read_status(body);
  auto message = !status.message.empty() ? status.message : fmt::format("HTTP status {} {}", code, excerpt(body));
  while (message.ends_with(' ') || message.ends_with('\n')) message.pop_back();
  if (!status.causes.empty()) message += " (" + status.causes + ")";
  ApiError error;
  error.kind = kind_of(code);
  error.message = fmt::format("{}: {}", what, message);
  error.help = help_for(code, status.message);
  error.code = code;
  error.reason = status.reason;
  error.immutable = code == kInvalid && status.any_immutable && status.all_immutable;
  return error;
}

ApiError too_long(std::string_view what, const std::string& url, std::size_t limit) {
  const auto address = http::parse_url(url);
  ApiError error;
  error.message = fmt::format("{}: the answer of {} is longer than {} MiB, the most that fluxd takes", what,
                              address ? address->display : "the API server", limit >> 20U);
  error.help =
      "No object of Kubernetes is that large: check that the server's URL leads to an API server, and which extension "
      "or proxy answers there.";
  error.too_long = true;
  return error;
}

ApiError no_answer(Error error, std::string_view what) {
  ApiError out;
  out.kind = error.kind;
  out.message = fmt::format("{}: {}", what, error.message);
  out.help = std::move(error.help);
  return out;
}

}  // namespace flux::cluster
