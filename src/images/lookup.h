#pragma once

#include <map>
#include <string>

#include "model/image_info.h"

namespace flux::images {

/// Finds what is known of one tag after the other. Tags that come in order, as most registries list them, take no
/// search. The map has to outlive it.
class Lookup {
 public:
  explicit Lookup(const std::map<std::string, ImageInfo>& images) : images_(images), next_(images.begin()) {}

  /// Nothing: no metadata. Good as long as the map.
  [[nodiscard]] const ImageInfo* find(const std::string& tag) {
    if (!is_next(tag)) next_ = images_.lower_bound(tag);
    return is_next(tag) ? &(next_++)->second : nullptr;
  }

 private:
  [[nodiscard]] bool is_next(const std::string& tag) const { return next_ != images_.end() && next_->first == tag; }

  const std::map<std::string, ImageInfo>& images_;
  std::map<std::string, ImageInfo>::const_iterator next_;
};

}  // namespace flux::images
