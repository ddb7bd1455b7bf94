#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "cluster/client.h"

namespace flux::cluster {

/// The field manager, other than ours and status updates aside, that wrote to an object last, such as
/// `kube-controller-manager`; empty when nobody else did.
[[nodiscard]] ApiResult<std::string> last_other_writer(const Bounded& ctx, Client& client, const Resource& resource,
                                                       std::string_view ns, std::string_view name);

}  // namespace flux::cluster
