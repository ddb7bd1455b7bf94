#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/result.h"

namespace flux::git {

/// A fingerprint as `ssh-keygen -lv` shows it.
struct KeyFingerprint {
  std::string hash;       ///< without the name of the algorithm
  std::string randomart;  ///< ends with a newline
};

/// The public half of a deploy key.
struct SshPublicKey {
  std::string text;  ///< as `ssh-keygen -y` prints it, with its newline
  KeyFingerprint md5;
  KeyFingerprint sha256;
};

/// What --ssh-keygen-* ask for; what is not set is left to ssh-keygen.
struct KeygenOptions {
  std::optional<std::uint64_t> bits;  ///< -b
  std::string type;                   ///< -t
  std::string format;                 ///< -m
};

/// Makes a key pair without a passphrase: `file` and `file`.pub. `file` must not exist; its directory must. User error
/// when ssh-keygen does not take the options.
Result<void> generate_ssh_key(const Bounded& ctx, const std::filesystem::path& file, const KeygenOptions& options);

/// Reads the public half out of a private key. User error for a key with a passphrase, or something that is no key.
Result<SshPublicKey> read_ssh_public_key(const Bounded& ctx, const std::filesystem::path& private_key);

/// The output of `ssh-keygen -l -v -E ALGORITHM` taken apart. Server error when it looks different.
[[nodiscard]] Result<KeyFingerprint> parse_fingerprint(std::string_view output);

/// The value of GIT_SSH_COMMAND that has ssh try `identity` before the keys that its own configuration names. Those,
/// and the user's core.sshCommand, stay in use.
[[nodiscard]] std::string ssh_command(const std::filesystem::path& identity);

}  // namespace flux::git
