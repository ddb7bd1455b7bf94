#pragma once

#include <map>
#include <string>

#include "base/duration.h"
#include "base/timestamp.h"
#include "images/repository.h"

namespace flux::images {

/// What a scan remembers of one tag, so that the next one asks as little as it can.
struct TagState {
  std::string digest{};  ///< of the manifest that the tag named; empty where the registry does not tell
  Timestamp due{};       ///< when to ask again whether that still holds
  Duration refresh{};    ///< from the last answer to `due`
  std::string error{};   ///< of the last attempt; empty when it went well
  friend bool operator==(const TagState&, const TagState&) = default;
};

/// All that is kept of an image repository between scans.
struct Record {
  Repository repository;
  std::map<std::string, TagState> states;  ///< by tag; none for a tag that nobody has asked for yet
};

}  // namespace flux::images
