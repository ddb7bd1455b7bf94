#include "sync/identity.h"

#include <openssl/evp.h>

#include <array>

#include "base/base64.h"
#include "model/namesakes.h"

namespace flux::sync {
namespace {

/// SHA-256 in base64url without padding.
std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr);
  return encode_base64url({reinterpret_cast<const char*>(hash.data()), size});
}

}  // namespace

std::string sync_set_name(std::string_view safe_url, std::string_view branch, const std::vector<std::string>& paths) {
  std::string text(safe_url);
  text += branch;
  for (const auto& path : paths) text += path;
  return digest(text);
}

std::string gc_mark(std::string_view set_name, const ResourceId& id) {
  return "sha256." + digest(std::string(set_name) + plain_id(id).to_string());
}

}  // namespace flux::sync
