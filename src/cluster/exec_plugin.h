#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/secret.h"
#include "cluster/kubeconfig.h"

namespace flux::cluster {

/// What a credential plugin printed. At least a token or a certificate with its key.
struct ExecCredential {
  Secret token;
  Secret cert_pem;
  Secret key_pem;
  std::optional<std::chrono::system_clock::time_point> expires;  ///< absent: for as long as we run
};

/// Runs the plugin, for a minute at most, or five when it may ask the user and has our terminal for that, with our
/// environment, its own variables and KUBERNETES_EXEC_INFO. What it says on standard error is quoted in the error,
/// without the values of its variables; the install hint becomes help.
Result<ExecCredential> run_exec_plugin(const Bounded& ctx, const ExecPlugin& plugin, const Config& config);

/// Reads the ExecCredential that a plugin printed. No error quotes it.
[[nodiscard]] Result<ExecCredential> decode_exec_credential(const std::string& output, const ExecPlugin& plugin);

}  // namespace flux::cluster
