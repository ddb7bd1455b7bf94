#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "cluster/client.h"
#include "cluster/workload.h"

/// Objects with all of their fields, for those who show them to people. The sync itself works on metadata.
namespace flux::cluster {

/// One type in one namespace, or in all of them when `ns` is empty.
struct ListOf {
  Resource resource;
  std::string ns;
};

/// Reads the answers of list_whole(), on its caller's thread.
struct PageReader {
  /// One page of lists[i], in order. An error ends that list.
  std::function<Result<Page>(std::size_t i, std::string_view body)> page;
  /// lists[i] starts over: the server forgot it half way.
  std::function<void(std::size_t i)> restart;
};

/// Lists all of `lists` at once, page by page. One result for each: nothing, or why it was not read to its end.
std::vector<ApiResult<void>> list_whole(const Bounded& ctx, Client& client, std::span<const ListOf> lists,
                                        const PageReader& reader);

/// The workloads of `lists`, one result for each.
std::vector<ApiResult<std::vector<LiveWorkload>>> list_workloads(const Bounded& ctx, Client& client,
                                                                 std::span<const ListOf> lists);

/// The JSON of many objects at once, in the order of `targets`.
std::vector<ApiResult<std::string>> get_whole(const Bounded& ctx, Client& client,
                                              std::span<const Client::Target> targets);

/// What the objects would be after these server-side applies, in their order, as JSON. Changes nothing: `dry_run` is
/// set for all of them.
std::vector<ApiResult<std::string>> dry_run_all(const Bounded& ctx, Client& client,
                                                std::span<const ApplyRequest> requests);

/// The objects of a list page, each as its text stands there, and where the next page begins.
[[nodiscard]] Result<Page> split_page(std::string_view json, const std::function<void(std::string_view)>& each);

}  // namespace flux::cluster
