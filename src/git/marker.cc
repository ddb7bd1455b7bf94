#include "git/marker.h"

#include <fmt/format.h>

namespace flux::git {

Result<std::string> read_marker(const Bounded& ctx, const Repository& repository, const std::string& tag, bool verify) {
  if (auto ok = check_ref_name("sync tag", tag); !ok) return Failure(ok.error());
  auto ids = repository.resolve(ctx, {"refs/tags/" + tag});
  if (!ids) return Failure(ids.error());
  if (!ids->front()) return std::string();
  const auto& id = *ids->front();
  if (verify)
    if (auto ok = repository.verify_tag(ctx, id); !ok)
      return wrap(ok.error(), fmt::format("failed to verify tag {}", tag));
  // By id: the ref may have moved since.
  auto commit = repository.resolve(ctx, {id + "^{commit}"});
  if (!commit) return Failure(commit.error());
  return commit->front().value_or(std::string());
}

Result<void> write_marker(const Context& ctx, Mirror& mirror, const std::string& tag, const std::string& revision,
                          const Identity& identity) {
  if (auto ok = check_ref_name("sync tag", tag); !ok) return ok;
  auto written = mirror.move_tag(ctx, {tag, revision, "Sync pointer", identity});
  if (!written) return wrap(written.error(), fmt::format("writing tag {}", tag));
  return {};
}

}  // namespace flux::git
