#pragma once

#include <string>
#include <vector>

#include "cli/cause.h"
#include "cli/command.h"
#include "cli/update.h"
#include "model/policy_update.h"

namespace flux::cli {

/// What is to become of one workload's policies (compat/fluxctl.md 2.4).
struct PolicyEdits {
  bool automate = false;
  bool deautomate = false;
  bool lock = false;
  bool unlock = false;
  std::string tag_all;
  std::vector<std::string> tags;  ///< `container=pattern`

  /// Both of a pair, and tags that are no pairs, are user errors.
  [[nodiscard]] Result<void> check() const;
  /// As the daemon takes them; call check() first. A lock says who locks only when that is known.
  [[nodiscard]] PolicyUpdate update(const UpdateCause& cause) const;
};

/// A tag pattern with its kind spelled out: `glob:` where there is none, `regexp:` for `regex:`.
[[nodiscard]] std::string normalise_pattern(const std::string& pattern);

/// How the deprecated `--controller` and `--workload` go together.
struct TwoNames {
  std::string_view error;  ///< when both are given; empty: the later one wins
};

/// What automate, deautomate, lock, unlock and policy share: they select a workload, or all that git has, send policy
/// edits in one change and stop when the commit is pushed.
class PolicyUpdateCommand : public Command {
 public:
  std::vector<Flag> flags() override;
  void find_defaults(const Context& ctx, const Surroundings& surroundings,
                     const std::set<std::string, std::less<>>& given) override;
  Result<void> check(const Invocation& line) override;
  Outcome<void> run(const Context& ctx, Session& session) override;

 protected:
  PolicyUpdateCommand(std::string_view about_workload, TwoNames both_names)
      : about_workload_(about_workload), both_names_(both_names) {}
  PolicyEdits edits;

 private:
  /// User error when there are none.
  Outcome<std::vector<ResourceId>> workloads(const Context& ctx, Session& session) const;

  std::string_view about_workload_;
  TwoNames both_names_;
  bool all_ = false;
  std::string ns_;
  std::string workload_;
  std::string controller_;
  CauseFlags cause_;
  ResultFlags result_;
};

}  // namespace flux::cli
