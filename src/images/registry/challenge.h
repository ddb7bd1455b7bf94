#pragma once

#include <map>
#include <string>
#include <vector>

namespace flux::images {

/// One way of authentication that a server offers in WWW-Authenticate (RFC 9110, 11.6.1).
struct Challenge {
  std::string scheme;                         ///< lower case: `basic`, `bearer`
  std::map<std::string, std::string> params;  ///< names in lower case

  [[nodiscard]] const std::string& param(const std::string& name) const;  ///< empty when it has none
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// All challenges of a response, in order: there may be several headers, and several challenges in each. What does not
/// parse is left out.
[[nodiscard]] std::vector<Challenge> parse_challenges(const std::vector<std::string>& headers);

}  // namespace flux::images
