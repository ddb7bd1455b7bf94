#include "cli/commands/commands.h"
#include "cli/commands/policy_update.h"

namespace flux::cli {
namespace {

class UnlockCommand : public PolicyUpdateCommand {
 public:
  UnlockCommand() : PolicyUpdateCommand("Workload to unlock", {"can't specify both the controller and workload"}) {
    edits.unlock = true;
  }

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "unlock",
                                   .summary = "Let releases change a workload again",
                                   .examples = "  fluxctl unlock --workload=shop:deployment/web"};
    return kText;
  }
};

}  // namespace

std::unique_ptr<Command> unlock_command() { return std::make_unique<UnlockCommand>(); }

}  // namespace flux::cli
