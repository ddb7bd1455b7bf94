#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "http/server.h"
#include "images/hooks/source.h"
#include "model/image_ref.h"

namespace flux::images {

/// Beyond, a notification is refused: the largest senders write some tens of KiB.
inline constexpr std::size_t kLargestHook = std::size_t{1} << 20;

/// What to make of a notification.
struct HookAnswer {
  int status = 200;
  std::string message{};           ///< what is wrong, and what to do; empty with 200
  std::vector<ImageRef> images{};  ///< canonical, each with its tag where that is known; without repetitions
};

/// Who sent it, and which images were pushed. 401 for a wrong secret, before anything of the body is looked at; 405,
/// 413 and 400 for what is no notification of `source`; 200 for everything else, because there are senders that take no
/// other status for a success, and that switch themselves off. Pure.
[[nodiscard]] HookAnswer answer_hook(HookSource source, const http::ServerRequest& request, const Secret& secret);

}  // namespace flux::images
