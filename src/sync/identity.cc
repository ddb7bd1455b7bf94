#include "sync/identity.h"

#include <openssl/evp.h>

#include <array>

namespace flux::sync {
namespace {

/// SHA-256 in base64url without padding.
std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);

  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned int bits = 0;
  int count = 0;
  for (unsigned int i = 0; i < size; ++i) {
    bits = (bits << 8U) | hash[i];
    for (count += 8; count >= 6; count -= 6) out += kAlphabet[(bits >> static_cast<unsigned>(count - 6)) & 63U];
  }
  if (count > 0) out += kAlphabet[(bits << static_cast<unsigned>(6 - count)) & 63U];
  return out;
}

}  // namespace

std::string sync_set_name(std::string_view safe_url, std::string_view branch, const std::vector<std::string>& paths) {
  std::string text(safe_url);
  text += branch;
  for (const auto& path : paths) text += path;
  return digest(text);
}

std::string gc_mark(std::string_view set_name, const ResourceId& id) {
  return "sha256." + digest(std::string(set_name) + id.to_string());
}

}  // namespace flux::sync
