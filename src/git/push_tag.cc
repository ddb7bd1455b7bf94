#include "git/push_tag.h"

#include <fmt/format.h>

#include "git/set_ref.h"

namespace flux::git {
namespace {

GitResult<void> make_tag(const Bounded& ctx, const LocalRepository& repository, const TagMove& move) {
  auto commit = resolve_commit(ctx, repository, move.revision);
  if (!commit) return Failure(commit.error());
  const auto& identity = move.identity;
  std::vector<std::string> args{
      "-c",        "user.name=" + identity.user, "-c", "user.email=" + identity.email, "tag", "--force", "-a", "-m",
      move.message};
  args.push_back(identity.signing_key.empty() ? "--no-sign" : "--local-user=" + identity.signing_key);
  args.insert(args.end(), {"--", move.tag, *commit});
  auto tagged = repository.git().run(ctx, repository.dir(), Access::local, args);
  if (!tagged) return tl::unexpected(tagged.error());
  return {};
}

}  // namespace

GitResult<void> push_tag(const Bounded& ctx, const LocalRepository& repository, const TagMove& move) {
  const auto ref = "refs/tags/" + move.tag;
  auto old = repository.resolve(ctx, {ref});
  if (!old) return Failure(old.error());
  if (auto ok = make_tag(ctx, repository, move); !ok) return ok;
  const auto& git = repository.git();
  auto pushed =
      git.run(ctx, repository.dir(), Access::remote,
              {"push", "--quiet", "--no-verify", "--force", "--", git.remote(), fmt::format("+{0}:{0}", ref)});
  if (pushed) return {};
  // The context may be what ended the push.
  const auto own = Context().with_timeout(std::chrono::seconds(10));
  if (auto ok = set_ref(own, repository, ref, old->front()); !ok)
    return wrap(ok.error(), fmt::format("pushing tag {} failed, and so did putting it back", move.tag));
  return tl::unexpected(pushed.error());
}

}  // namespace flux::git
