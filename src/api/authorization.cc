#include "api/authorization.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"

namespace flux::api {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

/// Comparing digests hides the length of the token as well.
Digest digest_of(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

/// What follows `scheme`, whose case does not matter; empty when the value begins otherwise.
std::string_view after(std::string_view value, std::string_view scheme) {
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return {};
  return value.substr(scheme.size());
}

}  // namespace

bool carries_token(const http::Headers& headers, const Secret& token) {
  const auto values = headers.all("Authorization");
  // Of several, a proxy before us may have looked at another one than we would.
  if (values.size() != 1 || token.empty()) return false;
  auto sent = after(values.front(), "Bearer ");
  if (sent.empty()) sent = after(values.front(), "Scope-Probe token=");
  sent.remove_prefix(std::min(sent.find_first_not_of(' '), sent.size()));
  const auto right = digest_of(token.reveal());
  const auto given = digest_of(sent);
  return CRYPTO_memcmp(right.data(), given.data(), right.size()) == 0;
}

}  // namespace flux::api
