#pragma once

#include "http/client.h"
#include "http/proxy.h"

namespace flux::http {

/// What the transfers of one client share; unchanging, so any thread may read it.
struct ClientSettings {
  ClientOptions options;
  ProxyRules proxies;
};

/// Checks the options and settles the proxies. User errors for what could not be used.
[[nodiscard]] Result<ClientSettings> make_settings(ClientOptions options);

/// Once in the process, before anything else of curl's; false when that failed.
bool start_curl();

}  // namespace flux::http
