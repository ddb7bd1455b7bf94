#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/manifest.h"
#include "model/resource_id.h"

namespace flux {

/// Two objects whose kinds have one name in two API groups, such as the Services of Kubernetes and of Knative, have one
/// id as Flux v1 writes it. Where git has both, the group joins the kind of one or both:
/// `shop:service.serving.knative.dev/hello`. No kind has a dot of its own. What is in the cluster is always known by
/// the plain id, with its type beside it; so are the marks.

/// The ids of git, by the plain id that they would have alone.
using Namesakes = std::map<ResourceId, std::vector<ResourceId>>;

/// `id` is plain; the core group shows as `core`.
[[nodiscard]] ResourceId with_group(const ResourceId& id, std::string_view group);

[[nodiscard]] inline bool is_plain(const ResourceId& id) { return id.kind().find('.') == std::string::npos; }

/// As Flux v1 writes it.
[[nodiscard]] ResourceId plain_id(const ResourceId& id);

/// Whether what has one id in these two types may be one object: in two versions of a group, and in the few kinds that
/// Kubernetes serves, or once served, in two groups.
[[nodiscard]] bool may_be_one(const ApiType& a, const ApiType& b);

/// The ids of namesakes of these API groups, in their order. Where one of them is Kubernetes' own, which is the one
/// that everybody means, it keeps the plain id.
[[nodiscard]] std::vector<ResourceId> tell_apart(const ResourceId& plain, const std::vector<std::string_view>& groups);

/// Adds to `ids` what of git and of the cluster goes by the same plain id as one of them.
void add_namesakes(std::set<ResourceId>& ids, const Namesakes& namesakes);

}  // namespace flux
