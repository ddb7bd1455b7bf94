#include "base/secret.h"

namespace flux {
namespace {

/// Which bytes of `text` belong to an occurrence of a secret. Occurrences may overlap: one secret may be part of
/// another, and what is left of the longer one would give it away.
std::vector<bool> find_secrets(const std::string& text, const std::vector<Secret>& secrets) {
  std::vector<bool> secret_bytes(text.size());
  for (const auto& secret : secrets) {
    const auto& needle = secret.reveal();
    if (needle.size() < 3) continue;
    for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1))
      for (std::size_t i = 0; i < needle.size(); ++i) secret_bytes[at + i] = true;
  }
  return secret_bytes;
}

}  // namespace

std::string scrub(std::string text, const std::vector<Secret>& secrets) {
  const auto secret_bytes = find_secrets(text, secrets);
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!secret_bytes[at])
      shown += text[at];
    else if (at == 0 || !secret_bytes[at - 1])
      shown += "<redacted>";
  }
  return shown;
}

}  // namespace flux
