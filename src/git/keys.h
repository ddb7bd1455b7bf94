#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace flux::git {

/// What became of one `--git-gpg-key-import` entry.
struct KeyImport {
  std::string entry;                  ///< the file or directory as given
  std::vector<std::string> imported;  ///< file names, for `info="imported GPG key(s) from P" files=`
  std::vector<std::string> failed;    ///< file names
  std::string error;  ///< `errored importing keys: [names]`, or why the entry could not be read; else empty
};

/// Imports a key file, or each regular file of a directory in name order (links followed, no recursion).
/// Uses the GNUPGHOME or HOME of our environment. Failing files do not keep the others out.
KeyImport import_keys(const Bounded& ctx, const std::string& entry);

/// Gives every key in the keyring ultimate trust, so that git calls their signatures good.
Result<void> trust_all_keys(const Bounded& ctx);

}  // namespace flux::git
