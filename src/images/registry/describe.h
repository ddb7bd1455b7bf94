#pragma once

#include <string>
#include <variant>
#include <vector>

#include "images/registry/session.h"
#include "model/image_info.h"

namespace flux::images {

/// All tags, in the registry's order, each once; what is no tag among them is left out. A list that goes on for ever,
/// or beyond a million tags, is an error; a page that was there before ends it.
RegistryResult<std::vector<std::string>> list_tags(const Bounded& ctx, RegistrySession& session);

/// What a tag points to.
struct Described {
  std::string digest;    ///< of the manifest that the tag names; empty where the registry does not tell
  ImageInfo info;        ///< without id and last_fetched
  std::string excluded;  ///< why it is no image that we could run; empty: it is one, and `info` holds
  std::vector<std::string> bad_labels{};  ///< as ConfigFacts::bad_labels
};
/// Reads the manifest of a tag, and what it leads to: an index's entry for our platform, the config. Two requests for
/// an image, three for an index, one for what is no image.
RegistryResult<Described> describe(const Bounded& ctx, RegistrySession& session, const std::string& tag,
                                   const std::vector<Platform>& platforms);

/// The digest that a tag has now, for one request without a body. Empty where the registry does not tell.
RegistryResult<std::string> digest_of(const Bounded& ctx, RegistrySession& session, const std::string& tag);

}  // namespace flux::images
