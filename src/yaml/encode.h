#pragma once

#include <string>

#include "yaml/document.h"

namespace flux::yaml {

/// The node as a document of its own, byte for byte as go-yaml v2.4.0 marshals the generically decoded value
/// (compat/daemon.md 5.4): keys sorted in natural order, no comments, anchors or merges, 2 spaces, sequences not
/// indented under their key, folded at 80 columns, multi-line text literal, text that would resolve to something else
/// quoted.
///
/// Where go-yaml's own order depends on chance (its comparison of keys such as `a1b`, `a2`, `a12` runs in a circle),
/// ours depends on the keys only.
[[nodiscard]] std::string encode(Node node);

/// Lower-case hex SHA-1 of encode(): the value of the annotation `fluxcd.io/sync-checksum`.
[[nodiscard]] std::string checksum(Node node);

}  // namespace flux::yaml
