#include "git/marker.h"

#include <fmt/format.h>

namespace flux::git {
namespace {

std::string tag_ref(const std::string& tag) { return "refs/tags/" + tag; }

Result<void> verify_tag(const Bounded& ctx, const Repository& repository, const std::string& tag,
                        const std::string& id) {
  // git alone would also accept keys that nobody has declared trust in.
  const std::vector<std::string> args{"-c", "gpg.minTrustLevel=fully", "verify-tag", id};
  auto verified = repository.git.run(ctx, repository.dir, args);
  if (verified) return {};
  return wrap(verified.error(), fmt::format("failed to verify tag {}", tag));
}

/// The tag as it stood, so that a failed push changes nothing.
Result<void> put_back(const Bounded& ctx, const Repository& repository, const std::string& tag,
                      const std::optional<std::string>& old) {
  auto args = old ? std::vector<std::string>{"update-ref", tag_ref(tag), *old}
                  : std::vector<std::string>{"update-ref", "-d", tag_ref(tag)};
  auto done = repository.git.run(ctx, repository.dir, args);
  if (!done) return Failure(done.error());
  return {};
}

Result<void> move_tag(const Bounded& ctx, const Repository& repository, const std::string& tag,
                      const std::string& revision, const Identity& identity) {
  auto commit = resolve_commit(ctx, repository, revision);
  if (!commit) return Failure(commit.error());
  std::vector<std::string> args{
      "-c",          "user.name=" + identity.user, "-c", "user.email=" + identity.email, "tag", "--force", "-a", "-m",
      "Sync pointer"};
  args.push_back(identity.signing_key.empty() ? "--no-sign" : "--local-user=" + identity.signing_key);
  args.insert(args.end(), {"--", tag, *commit});
  auto tagged = repository.git.run(ctx, repository.dir, args);
  if (!tagged) return Failure(tagged.error());
  return {};
}

}  // namespace

Result<std::string> read_marker(const Bounded& ctx, const Repository& repository, const std::string& tag, bool verify) {
  if (auto ok = check_ref_name("sync tag", tag); !ok) return Failure(ok.error());
  auto ids = repository.objects.resolve(ctx, {tag_ref(tag)});
  if (!ids) return Failure(ids.error());
  if (!ids->front()) return std::string();
  const auto& id = *ids->front();
  if (verify)
    if (auto ok = verify_tag(ctx, repository, tag, id); !ok) return Failure(ok.error());
  // By id: the ref may have moved since.
  auto commit = repository.objects.resolve(ctx, {id + "^{commit}"});
  if (!commit) return Failure(commit.error());
  return commit->front().value_or(std::string());
}

Result<void> write_marker(const Context& ctx, Mirror& mirror, const std::string& tag, const std::string& revision,
                          const Identity& identity) {
  if (auto ok = check_ref_name("sync tag", tag); !ok) return ok;
  auto written = mirror.exclusively(ctx, [&](const Bounded& bounded, const Repository& repository) -> Result<void> {
    auto old = repository.objects.resolve(bounded, {tag_ref(tag)});
    if (!old) return Failure(old.error());
    if (auto ok = move_tag(bounded, repository, tag, revision, identity); !ok) return ok;
    const auto& git = repository.git;
    auto pushed = git.run(
        bounded, repository.dir,
        {"push", "--quiet", "--no-verify", "--force", "--", git.remote(), fmt::format("+{0}:{0}", tag_ref(tag))});
    if (pushed) return {};
    // The context may be what ended the push.
    const auto own = Context().with_timeout(std::chrono::seconds(10));
    if (auto ok = put_back(own, repository, tag, old->front()); !ok)
      return wrap(ok.error(), fmt::format("pushing tag {} failed, and so did putting it back", tag));
    return Failure(pushed.error());
  });
  if (!written) return wrap(written.error(), fmt::format("writing tag {}", tag));
  return {};
}

}  // namespace flux::git
