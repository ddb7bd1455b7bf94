#include "daemon/webhooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "images/hooks/answer.h"

namespace flux::daemon {
namespace {

constexpr std::string_view kBase = "/hooks";
constexpr std::size_t kQuoted = 300;

http::ServerResponse text(int status, std::string body) {
  http::ServerResponse out;
  out.status = status;
  out.headers.add("Content-Type", "text/plain; charset=utf-8");
  out.body = std::move(body) + "\n";
  return out;
}

http::ServerResponse unknown_source() {
  std::string names;
  for (const auto& each : images::kHookSources)
    names += fmt::format("{}{}/{}", names.empty() ? "" : ", ", kBase, each.name);
  return text(404, "there is no such webhook\nEach registry has an address of its own: " + names + ".");
}

http::ServerResponse respond(const images::HookAnswer& answer) {
  if (answer.status == 200) return {};
  auto out = text(answer.status, answer.message);
  if (answer.status == 405) out.headers.add("Allow", "POST");
  if (answer.status == 401) out.headers.add("WWW-Authenticate", "Basic realm=\"webhooks of fluxd\"");
  return out;
}

class Webhooks {
 public:
  explicit Webhooks(WebhookParts parts) : parts_(std::move(parts)) {}

  http::ServerResponse operator()(const http::ServerRequest& request) {
    const auto secret = parts_.secret ? parts_.secret() : Secret();
    if (secret.empty())
      return text(404,
                  "this fluxd takes no webhooks\nStart it with --webhook-secret-file=FILE, and a secret in the file.");
    const auto name = std::string_view(request.path).substr(std::min(kBase.size() + 1, request.path.size()));
    const auto source = images::hook_source(name);
    if (!source) return unknown_source();
    const auto answer = images::answer_hook(*source, request, secret);
    const auto outcome = answer.status == 200 ? notice(name, answer) : answer.status == 401 ? "refused" : "invalid";
    parts_.metrics.webhooks.add(1, name, outcome);
    tell_of_failure(*source, name, answer);
    return respond(answer);
  }

 private:
  std::string_view notice(std::string_view name, const images::HookAnswer& answer) {
    bool used = false;
    for (const auto& image : answer.images) {
      if (!parts_.notice || !parts_.notice(image)) continue;
      used = true;
      parts_.log({{"info", "a webhook tells of an image in use"}, {"source", name}, {"image", image.to_string()}});
    }
    return used ? "scanned" : "ignored";
  }

  /// Once, until it goes well or fails in another way: anybody may send anything, and as often as he likes.
  void tell_of_failure(images::HookSource source, std::string_view name, const images::HookAnswer& answer) {
    const auto before = last_status_.at(static_cast<std::size_t>(source)).exchange(answer.status);
    if (answer.status == 200 || answer.status == before) return;
    const auto end = std::min(answer.message.find('\n'), kQuoted);
    const auto what = answer.message.substr(0, end);
    const auto help = answer.message.size() > end ? answer.message.substr(end + 1, kQuoted) : std::string();
    parts_.log({{"warning", "a webhook was not accepted; further ones like it are counted, not logged"},
                {"source", name},
                {"status", answer.status},
                {"err", Error{ErrorKind::user, what, help}}});
  }

  const WebhookParts parts_;
  std::array<std::atomic<int>, images::kHookSources.size()> last_status_{};
};

}  // namespace

bool is_webhook(std::string_view path) {
  return path.starts_with(kBase) && (path.size() == kBase.size() || path[kBase.size()] == '/');
}

http::Handler webhook_handler(WebhookParts parts) {
  const auto webhooks = std::make_shared<Webhooks>(std::move(parts));
  return [webhooks](const Context&, const http::ServerRequest& request) { return (*webhooks)(request); };
}

}  // namespace flux::daemon
