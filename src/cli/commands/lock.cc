#include "cli/commands/commands.h"
#include "cli/commands/policy_update.h"

namespace flux::cli {
namespace {

class LockCommand : public PolicyUpdateCommand {
 public:
  LockCommand() : PolicyUpdateCommand("Workload to lock", {""}) { edits.lock = true; }

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "lock",
                                   .summary = "Keep a workload from being changed by releases",
                                   .examples = "  fluxctl lock --workload=shop:deployment/web"};
    return kText;
  }
};

}  // namespace

std::unique_ptr<Command> lock_command() { return std::make_unique<LockCommand>(); }

}  // namespace flux::cli
