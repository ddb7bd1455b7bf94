#include "cluster/whole.h"

#include <fmt/format.h>

#include "cluster/list_page.h"

namespace flux::cluster {
namespace {

constexpr std::size_t kPage = 500;

constexpr std::string_view kJson = "application/json";

/// A list that goes on.
struct Open {
  std::size_t list = 0;
  std::string next{};
  int tries = 1;
  std::size_t size = kPage;
};

class Lists {
 public:
  Lists(std::span<const ListOf> lists, const PageReader& reader)
      : lists_(lists), reader_(reader), results_(lists.size()) {
    for (std::size_t i = 0; i < lists.size(); ++i) open_.push_back({.list = i});
  }

  /// Asks for the next page of every list that has one, all at once.
  void round(const Bounded& ctx, Client& client) {
    const auto asked = std::exchange(open_, {});
    client.call_all(
        ctx, asked.size(), [&](std::size_t i) { return call(asked[i]); },
        [&](std::size_t i, auto answer) { take(asked[i], std::move(answer)); });
  }

  [[nodiscard]] bool open() const { return !open_.empty(); }
  std::vector<ApiResult<void>> results() { return std::move(results_); }

 private:
  [[nodiscard]] Call call(const Open& open) const {
    const auto& list = lists_[open.list];
    auto call = list_call(list.resource, list.ns, {}, open.size, open.next);
    call.accept = kJson;
    return call;
  }

  void take(const Open& asked, ApiResult<http::ClientResponse> answer) {
    if (!answer && answer.error().gone() && !asked.next.empty() && asked.tries < kListTries) {
      reader_.restart(asked.list);
      open_.push_back({asked.list, {}, asked.tries + 1, asked.size});
      return;
    }
    if (!answer && answer.error().too_long && smaller_page(asked.size) > 0) {
      reader_.restart(asked.list);
      open_.push_back({asked.list, {}, asked.tries, smaller_page(asked.size)});
      return;
    }
    if (!answer) {
      results_[asked.list] = ApiFailure(answer.error());
      return;
    }
    const auto page = reader_.page(asked.list, answer->body);
    if (!page)
      results_[asked.list] = ApiFailure(no_answer(page.error(), lists_[asked.list].resource.group_resource()));
    else if (!page->next.empty())
      open_.push_back({asked.list, page->next, asked.tries, asked.size});
  }

  std::span<const ListOf> lists_;
  const PageReader& reader_;
  std::vector<ApiResult<void>> results_;
  std::vector<Open> open_;
};

std::vector<ApiResult<std::string>> bodies(const Bounded& ctx, Client& client, std::size_t count,
                                           const std::function<Call(std::size_t)>& make) {
  std::vector<ApiResult<std::string>> results(count);
  client.call_all(ctx, count, make, [&](std::size_t i, auto answer) {
    if (answer)
      results[i] = std::move(answer->body);
    else
      results[i] = ApiFailure(answer.error());
  });
  return results;
}

}  // namespace

std::vector<ApiResult<void>> list_whole(const Bounded& ctx, Client& client, std::span<const ListOf> lists,
                                        const PageReader& reader) {
  Lists run(lists, reader);
  while (run.open()) run.round(ctx, client);
  return run.results();
}

std::vector<ApiResult<std::vector<LiveWorkload>>> list_workloads(const Bounded& ctx, Client& client,
                                                                 std::span<const ListOf> lists) {
  std::vector<std::vector<LiveWorkload>> found(lists.size());
  const auto outcome = list_whole(ctx, client, lists,
                                  {[&](std::size_t i, std::string_view body) {
                                     return decode_workload_page(
                                         body, lists[i].resource.type,
                                         [&](LiveWorkload workload) { found[i].push_back(std::move(workload)); });
                                   },
                                   [&](std::size_t i) { found[i].clear(); }});
  std::vector<ApiResult<std::vector<LiveWorkload>>> results;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (outcome[i])
      results.emplace_back(std::move(found[i]));
    else
      results.emplace_back(ApiFailure(outcome[i].error()));
  }
  return results;
}

std::vector<ApiResult<std::string>> get_whole(const Bounded& ctx, Client& client,
                                              std::span<const Client::Target> targets) {
  return bodies(ctx, client, targets.size(), [&](std::size_t i) {
    const auto& target = targets[i];
    Call call;
    call.path = target.resource.path(target.ns, target.name);
    call.what =
        ResourceId(target.resource.namespaced ? target.ns : "", target.resource.type.kind, target.name).to_string();
    return call;
  });
}

std::vector<ApiResult<std::string>> dry_run_all(const Bounded& ctx, Client& client,
                                                std::span<const ApplyRequest> requests) {
  return bodies(ctx, client, requests.size(), [&](std::size_t i) {
    auto request = requests[i];
    request.dry_run = true;
    auto call = apply_call(std::move(request));
    call.accept = kJson;
    return call;
  });
}

Result<Page> split_page(std::string_view text, const std::function<void(std::string_view)>& each) {
  JsonReader json(text);
  Page page;
  const bool is_list = read_list(json, page, [&] { each(json.raw()); });
  if (json.failed() || !is_list)
    return fail(ErrorKind::server, "the API server's list is not what Kubernetes sends: not JSON, or cut short");
  return page;
}

}  // namespace flux::cluster
