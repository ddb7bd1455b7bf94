#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "images/repository.h"
#include "images/tag_pattern.h"
#include "model/image_ref.h"

namespace flux::images {

/// Who asks: the automation, which never goes by an unknown time (compat/manifests-and-releases.md 10.9), or a user who
/// releases the latest images (10.4).
enum class Mode { automation, release };

/// What came of it. Only `update` changes anything.
enum class Outcome {
  update,
  up_to_date,
  pinned,            ///< the container names a digest (6.3)
  invalid_filter,    ///< TagPattern::problem() says why
  not_scanned,       ///< nothing is known of the repository yet
  no_candidate,      ///< no tag passes the filter
  missing_metadata,  ///< of tags that pass the filter, so that it is open which one is newest
  unknown_time,      ///< of the current image or of the newest, so that it is open which one is newer
  lower,  ///< the newest is lower than the current image, of which nothing is known or which must not be left
};

/// What keeps a tag from being the one that runs next.
enum class Why {
  nothing,       ///< it is the choice, which may be what runs already
  older,         ///< than the choice
  same_time,     ///< created when the current one was, which stays
  blocked,       ///< it passes the filter, but the outcome is that none is chosen
  unknown_time,  ///< it passes the filter, but nobody knows when it was created
  filter,
  latest,            ///< the tag `latest` runs only where the filter is exactly `glob:latest`
  excluded,          ///< no image for us: another platform, a signature
  missing_metadata,  ///< it could not be looked at: Repository::failed, or the last scan failed: Repository::last_error
  not_scanned,       ///< no metadata yet
};

struct Verdict {
  std::string tag;
  Why why = Why::nothing;
  std::string detail{};  ///< of `excluded`, and of `missing_metadata` where the tag itself could not be looked at
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

struct Choice {
  Outcome outcome = Outcome::no_candidate;
  std::string tag{};  ///< the choice: of `update` and `up_to_date`
  std::vector<std::string>
      open{};  ///< the tags without metadata, or without a time, that the outcome is about; an empty
  ///< one is a container's that names no tag
  std::vector<Verdict> verdicts{};  ///< of every tag, newest first by the filter's order
};

/// Which tag of the repository `current`, the image of a running container, should have, and why no other. The newest
/// that passes the filter, even if it is older than the current one; of several created at the same time the current
/// one, and in a release also where no time is known. A filter that orders by version needs no metadata. Whether the
/// workload is automated, locked or ignored is for the caller to know.
///
/// Down it goes only where the current tag is known and its filter does not let it through any more: automation does
/// not trust a registry, or a cache, that does not have what runs. With `never_downgrade` nobody goes down. Pure.
[[nodiscard]] Choice choose(const Repository& repository, const TagPattern& pattern, const ImageRef& current, Mode mode,
                            bool never_downgrade = false);

/// In words that go on from "TAG: ", without the detail.
[[nodiscard]] std::string_view to_text(Why why);

}  // namespace flux::images
