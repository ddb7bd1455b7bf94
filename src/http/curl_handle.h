#pragma once

#include <curl/curl.h>

#include <memory>

#include "base/result.h"

namespace flux::http {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiCleanup {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using Easy = std::unique_ptr<CURL, EasyCleanup>;
using Multi = std::unique_ptr<CURLM, MultiCleanup>;
using HeaderList = std::unique_ptr<curl_slist, ListCleanup>;

/// Starts curl, the first time in the process, and makes a multi handle that curl_multi_wakeup() can wake. Server error
/// when there is no memory or no file descriptor for it. Any thread.
Result<Multi> make_multi();

}  // namespace flux::http
