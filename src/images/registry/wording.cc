#include "images/registry/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/json.h"
#include "images/registry/bounded_json.h"

namespace flux::images {
namespace {

constexpr std::size_t kMostWords = 200;
constexpr std::size_t kMostShown = 60;
constexpr std::size_t kMostValues = 10'000;  // in the body of an error

constexpr const char* kSomebodyElse =
    "Something else may have answered in the registry's place: check the image's host, and the proxies on the way "
    "(HTTPS_PROXY, HTTP_PROXY, NO_PROXY).";

/// Fit for a line of a log.
std::string printable(std::string text, std::size_t most) {
  const bool cut = text.size() > most;
  if (cut) text.resize(most);
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return cut ? text + "..." : text;
}

std::string own_words(const std::string& body, const std::vector<Secret>& secrets) {
  const auto json = parse_bounded_json(body, kMostValues);
  if (!json || !json->is_object()) return {};
  const auto errors = json->find("errors");
  if (errors == json->end() || !errors->is_array() || errors->empty() || !errors->front().is_object()) return {};
  std::string words;
  for (const auto* key : {"code", "message"}) {
    const auto at = errors->front().find(key);
    if (at == errors->front().end() || !at->is_string()) continue;
    words += (words.empty() ? "" : ": ") + at->get<std::string>();
  }
  return printable(scrub(std::move(words), secrets), kMostWords);
}

/// `text/html that begins with "<!DOCTYPE html>..."`
std::string shown(const http::ClientResponse& answer, const std::vector<Secret>& secrets) {
  const auto type = answer.headers.get("Content-Type").value_or("");
  auto text = type.empty() ? std::string("an answer without a type") : printable(scrub(type, secrets), kMostShown);
  if (answer.body.empty()) return text + " that is empty";
  const auto is_text = [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; };
  if (!std::ranges::all_of(answer.body.substr(0, kMostShown), is_text)) return text + " that is no text";
  return fmt::format("{} that begins with {}", text, printable(scrub(answer.body, secrets), kMostShown));
}

bool is_web_page(const http::ClientResponse& answer) {
  return to_lower(answer.headers.get("Content-Type").value_or("")).starts_with("text/html");
}

const char* advice(int status) {
  if (status == 404)
    return "It is not there, or not for whom fluxd asks as: check the name of the image, and its credentials.";
  if (status == 429)
    return "The registry limits how much may be asked; it is asked less now, and again after a pause. Credentials "
           "often raise the limit; see also --registry-rps.";
  if (status >= 500)
    return "The registry, or a proxy in front of it, is out of order. It is asked again by itself; where that lasts, "
           "tell whoever runs it.";
  return "";
}

}  // namespace

RegistryError refusal(const http::ClientResponse& answer, std::string_view asked, const std::vector<Secret>& secrets) {
  auto message = fmt::format("{}: status {}", asked, answer.status);
  std::string help = advice(answer.status);
  if (const auto words = own_words(answer.body, secrets); !words.empty()) {
    message += ", " + words;
  } else if (is_web_page(answer)) {
    message += ", with " + shown(answer, secrets);
    if (answer.status < 500 && answer.status != 429) help = kSomebodyElse;
  }
  return {{ErrorKind::server, std::move(message), std::move(help)}, answer.status};
}

RegistryError not_understood(const http::ClientResponse& answer, std::string_view asked, std::string_view why,
                             const std::vector<Secret>& secrets) {
  return {{ErrorKind::server, fmt::format("{}: {} ({})", asked, why, shown(answer, secrets)), kSomebodyElse}, 0};
}

}  // namespace flux::images
