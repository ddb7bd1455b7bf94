#include "model/image_ref.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "model/json_reader.h"

namespace flux {
namespace {

constexpr std::string_view kDigestMark = "@sha256:";
constexpr std::string_view kHub = "index.docker.io";

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Anywhere in the text: cached keys of Flux v1 depend on it (compat/api.md 10, trap 29).
bool has_dotted_name(std::string_view text) {
  for (std::size_t dot = 1; dot + 1 < text.size(); ++dot)
    if (text[dot] == '.' && is_alphanumeric(text[dot - 1]) && is_alphanumeric(text[dot + 1])) return true;
  return false;
}

bool is_domain(std::string_view first, std::string_view rest) {
  return rest.find('/') != std::string_view::npos || first.find("localhost") != std::string_view::npos ||
         first.find(':') != std::string_view::npos || has_dotted_name(first);
}

Failure not_an_image(std::string_view text) {
  return fail(
      ErrorKind::user,
      fmt::format("parsing \"{}\": expected image name as either <image>:<tag> or just <image>: invalid image ID",
                  text),
      "Write it as the manifests do, for example registry.example.com/shop/cart:1.4.1.");
}

}  // namespace

Result<ImageRef> ImageRef::parse(std::string_view text) {
  if (text.empty())
    return fail(ErrorKind::user, "parsing \"\": blank image name: invalid image ID", "Name an image, or leave it out.");
  if (text.starts_with('/') || text.ends_with('/')) return not_an_image(text);
  ImageRef ref;
  auto rest = text;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto first = text.substr(0, slash);
    if (is_domain(first, text.substr(slash + 1))) {
      ref.domain = first;
      rest.remove_prefix(slash + 1);
    }
  }
  if (const auto mark = rest.find(kDigestMark); mark != std::string_view::npos) {
    ref.digest = rest.substr(mark + kDigestMark.size());
    rest = rest.substr(0, mark);
    if (ref.digest.empty()) return not_an_image(text);
  }
  // What is left of an @ belongs to another kind of digest, which would end up in the tag.
  if (rest.empty() || rest.find('@') != std::string_view::npos || ref.digest.find('@') != std::string::npos)
    return not_an_image(text);
  const auto colon = rest.find(':');
  ref.path = rest.substr(0, colon);
  if (colon != std::string_view::npos) {
    ref.tag = rest.substr(colon + 1);
    if (ref.tag.empty() || ref.tag.find(':') != std::string::npos) return not_an_image(text);
  }
  if (ref.path.empty()) return not_an_image(text);
  return ref;
}

std::string ImageRef::name() const { return domain.empty() ? path : domain + "/" + path; }

std::string ImageRef::to_string() const {
  if (!digest.empty()) return fmt::format("{}{}{}", name(), kDigestMark, digest);
  return tag.empty() ? name() : name() + ":" + tag;
}

ImageRef ImageRef::canonical() const {
  ImageRef out{domain.empty() || domain == "docker.io" ? std::string(kHub) : domain, path, tag, {}};
  if (out.domain == kHub && path.find('/') == std::string::npos) out.path.insert(0, "library/");
  return out;
}

ImageRef ImageRef::with_tag(std::string_view other) const { return {domain, path, std::string(other), digest}; }

Json to_json(const ImageRef& ref) { return ref.to_string(); }

Result<ImageRef> image_ref_from_json(const Json& json) { return text_from_json(json).and_then(ImageRef::parse); }

Result<ImageRef> image_ref_or_none(const Json& json) {
  if (json.is_null() || (json.is_string() && json.get_ref<const std::string&>().empty())) return ImageRef();
  return image_ref_from_json(json);
}

}  // namespace flux
