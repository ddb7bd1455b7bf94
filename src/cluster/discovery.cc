#include "cluster/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cluster/discovery_decode.h"
#include "model/glob.h"

namespace flux::cluster {
namespace {

constexpr std::string_view kAccept =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

struct Found {
  std::vector<Resource> resources;
  std::vector<std::string> failures;
};

bool excluded_whole(std::string_view group_version, const std::vector<std::string>& globs) {
  return std::ranges::any_of(
      globs, [&](const std::string& glob) { return glob_match(glob, std::string(group_version) + "/"); });
}

// One version at a time is asked, but its failure is its own: the others still tell what they serve.
void ask_versions(const Bounded& ctx, Client& client, const std::vector<std::string>& versions, Found& found) {
  std::vector<std::vector<Resource>> resources(versions.size());
  client.call_all(
      ctx, versions.size(),
      [&](std::size_t i) {
        Call call;
        call.path = (versions[i].find('/') == std::string::npos ? "/api/" : "/apis/") + versions[i];
        call.max_answer = kMaxPage;
        return call;
      },
      [&](std::size_t i, ApiResult<http::ClientResponse> answer) {
        // A group without any resource is answered with 404 by some extension servers.
        if (!answer && answer.error().not_found()) return;
        if (!answer)
          found.failures.push_back(versions[i] + ": " + answer.error().message);
        else if (!decode_resource_list(answer->body, versions[i], resources[i]))
          found.failures.push_back(versions[i] + ": the answer is not a list of resources");
      });
  for (auto& part : resources)
    found.resources.insert(found.resources.end(), std::make_move_iterator(part.begin()),
                           std::make_move_iterator(part.end()));
}

ApiResult<Found> discover(const Bounded& ctx, Client& client, const std::vector<std::string>& excluded) {
  const std::vector<std::string> roots{"/api", "/apis"};
  std::vector<ApiResult<Discovered>> answers(roots.size());
  client.call_all(
      ctx, roots.size(),
      [&](std::size_t i) {
        Call call;
        call.path = roots[i];
        call.accept = kAccept;
        call.max_answer = kMaxPage;
        return call;
      },
      [&](std::size_t i, ApiResult<http::ClientResponse> answer) {
        if (answer)
          answers[i] = decode_discovery(answer->body);
        else
          answers[i] = ApiFailure(answer.error());
      });
  Found found;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    auto& answer = answers[i];
    if (!answer) return ApiFailure(answer.error());
    if (!answer->readable)
      return ApiFailure(no_answer({ErrorKind::server, "the answer is not a discovery document",
                                   "Check that the server's URL leads to a Kubernetes API server."},
                                  client.host() + roots[i]));
    std::erase_if(answer->versions, [&](const std::string& version) { return excluded_whole(version, excluded); });
    std::move(answer->resources.begin(), answer->resources.end(), std::back_inserter(found.resources));
    std::move(answer->failures.begin(), answer->failures.end(), std::back_inserter(found.failures));
    ask_versions(ctx, client, answer->versions, found);
  }
  std::erase_if(found.failures, [&](const std::string& failure) {
    return excluded_whole(failure.substr(0, failure.find(':')), excluded);
  });
  return found;
}

}  // namespace

Result<std::shared_ptr<const Catalog>> Discovery::catalog(const Bounded& ctx) {
  {
    const MutexLock lock(mutex_);
    if (last_ && have_ == wanted_ && Clock::now() < too_old_at_) return last_;
  }
  return refresh(ctx);
}

Result<std::shared_ptr<const Catalog>> Discovery::refresh(const Bounded& ctx) {
  const auto count = [this] {
    const MutexLock lock(mutex_);
    return begun_;
  };
  const auto begun_before = count();
  const auto turn = refreshing_.acquire(ctx);
  if (!turn) return Failure(turn.error());
  std::uint64_t wanted = 0;
  {
    const MutexLock lock(mutex_);
    if (begun_ > begun_before && last_ && have_ == wanted_) return last_;
    ++begun_;
    wanted = wanted_;
  }
  auto found = discover(ctx, client_, options_.excluded);
  if (!found) return wrap(found.error(), "discovering what the API server serves");
  auto catalog =
      std::make_shared<const Catalog>(std::move(found->resources), std::move(found->failures), options_.excluded);
  const MutexLock lock(mutex_);
  // Whoever looked at the cluster with the catalog before need not look again.
  if (!last_ || *last_ != *catalog) last_ = std::move(catalog);
  have_ = wanted;
  too_old_at_ = Clock::now() + (last_->complete() ? options_.max_age : options_.max_age_of_incomplete);
  return last_;
}

std::shared_ptr<const Catalog> Discovery::last() const {
  const MutexLock lock(mutex_);
  return last_;
}

void Discovery::invalidate() {
  const MutexLock lock(mutex_);
  ++wanted_;
}

}  // namespace flux::cluster
