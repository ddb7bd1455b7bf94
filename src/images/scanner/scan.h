#pragma once

#include <functional>
#include <string>

#include "images/record.h"
#include "images/registry/session.h"
#include "images/scanner/scan_plan.h"

namespace flux::images {

/// One repository to be scanned.
struct Target {
  ImageRef image;  ///< canonical, without tag
  std::optional<Credential> credential{};
  /// Asked anew at each piece of work, because filters change more often than images come and go; empty: none.
  std::function<TagInterest()> interest{};
};

struct ScanOptions {
  std::vector<Platform> platforms{Platform{}};
  std::size_t at_once = 10;     ///< requests to one registry: --registry-burst
  std::size_t most_tags = 100;  ///< to ask for in one go, so that other images get their turn
  Duration list_timeout = std::chrono::minutes(1);
  Duration tag_timeout = std::chrono::minutes(1);
};

/// For the metrics: `kind` is `tags` or `metadata`.
using ObserveFetch = std::function<void(std::string_view kind, Duration took, bool success)>;

/// Lists the tags of a repository into its record. True when a tag has come. An error is in the record as last_error,
/// too, and everything else that was known stays.
RegistryResult<bool> scan_tags(const Bounded& ctx, RegistrySession& session, const ScanOptions& options, Record& record,
                               const ObserveFetch& observe);

[[nodiscard]] inline TagInterest interest_of(const Target& target) {
  return target.interest ? target.interest() : TagInterest();
}

/// Now, as records have it.
[[nodiscard]] Timestamp wall_clock();

struct TagsScanned {
  std::size_t attempted = 0;
  std::size_t successful = 0;
  bool changed = false;  ///< a tag means another image now, or its metadata have become known
  bool limited = false;  ///< the registry wants no more requests now
  bool more = false;     ///< there are more that are due
};

/// Asks for the tags that are due, several at once, and notes what comes of each in the record. What fails is logged
/// with its tag, and keeps nobody else waiting.
TagsScanned scan_due(const Context& ctx, RegistrySession& session, const Target& target, const ScanOptions& options,
                     Record& record, const ObserveFetch& observe);

/// The same for the tags that somebody named, due or not, which the last list need not have had. What the registry does
/// not give an image or a reason for is not added to that list.
TagsScanned scan_named(const Context& ctx, RegistrySession& session, const Target& target,
                       const std::vector<std::string>& named, const ScanOptions& options, Record& record,
                       const ObserveFetch& observe);

}  // namespace flux::images
