#include "images/hooks/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/base64.h"

namespace flux::images {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Comparing digests hides the length of the secret as well.
bool same(std::string_view given, std::string_view right) {
  Digest a{};
  Digest b{};
  SHA256(bytes_of(given), given.size(), a.data());
  SHA256(bytes_of(right), right.size(), b.data());
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// What follows `scheme`, whose case does not matter; nothing when the value begins otherwise.
std::optional<std::string_view> after(std::string_view value, std::string_view scheme) {
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  value.remove_prefix(scheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

bool in_authorization(const http::Headers& headers, std::string_view secret) {
  const auto values = headers.all("Authorization");
  // Of several, a proxy before us may have looked at another one than we would.
  if (values.size() != 1) return false;
  const auto& value = values.front();
  if (same(value, secret)) return true;
  if (const auto token = after(value, "Bearer ")) return same(*token, secret);
  const auto encoded = after(value, "Basic ");
  const auto pair = encoded ? decode_base64(*encoded) : std::nullopt;
  const auto colon = pair ? pair->find(':') : std::string::npos;
  return colon != std::string::npos && same(std::string_view(*pair).substr(colon + 1), secret);
}

bool in_signature(const http::ServerRequest& request, std::string_view secret) {
  const auto header = request.headers.get("X-Hub-Signature-256");
  if (!header) return false;
  Digest digest{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(request.body), request.body.size(),
           digest.data(), &length) == nullptr)
    return false;
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string right = "sha256=";
  for (const auto byte : digest) {
    right += kHex[byte >> 4];
    right += kHex[byte & 15];
  }
  return same(to_lower(*header), right);
}

}  // namespace

bool carries_secret(const http::ServerRequest& request, HookSource source, const Secret& secret) {
  const auto& right = secret.reveal();
  if (right.empty()) return false;
  if (in_authorization(request.headers, right)) return true;
  if (const auto token = request.query_value("token"); token && same(*token, right)) return true;
  return source == HookSource::github && in_signature(request, right);
}

}  // namespace flux::images
