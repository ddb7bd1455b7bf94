#include "http/curl_handle.h"

namespace flux::http {

Result<Multi> make_multi() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  Multi multi(started ? curl_multi_init() : nullptr);
  // Without descriptors for it curl makes a handle that sleeps through every stop and every new request.
  if (multi && curl_multi_wakeup(multi.get()) == CURLM_OK) return multi;
  return fail(ErrorKind::server, "no memory or file descriptors left",
              "Raise the limit of open files: `ulimit -n`, or that of the service.");
}

}  // namespace flux::http
