#pragma once

#include <string>

namespace flux::manifests {

/// A Secret as the API server stores it: `stringData` in base64 among `data`, where it wins. Sent as written, the
/// server would keep `data` but no word of whose it is, so that neither a change of it nor a key that leaves git was
/// noticed. `secret` is a JSON object. Given back as it is when either is no mapping of strings: the API server says
/// what is wrong.
[[nodiscard]] std::string with_data_only(std::string secret);

}  // namespace flux::manifests
