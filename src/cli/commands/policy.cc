#include "cli/commands/commands.h"
#include "cli/commands/policy_update.h"

namespace flux::cli {
namespace {

class PolicyCommand : public PolicyUpdateCommand {
 public:
  PolicyCommand() : PolicyUpdateCommand("Workload to change", {"can't specify both the controller and workload"}) {}

  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "policy",
        .summary = "Change the policies of a workload",
        .description = R"(Change the policies of a workload: whether fluxd releases new images of it by itself, whether
it is locked, and which image tags count.

A tag pattern is written container=pattern. It is a glob (web=1.4.*), or says what it is: web=semver:~1.4,
web=regexp:^v[0-9]+$. The pattern * takes the filter away. Quote it, or the shell may expand it; one with commas
needs double quotes of its own: --tag='"web=semver:>=1.2, <2"'.

With --tag-all as well as --tag, the former is for all containers that the latter does not name.)",
        .examples =
            "  fluxctl policy --workload=shop:deployment/web --automate --tag='web=1.4.*'\n"
            "  fluxctl policy --workload=shop:deployment/web --tag-all='semver:~2' --tag='proxy=v*'\n"
            "  fluxctl policy --workload=shop:deployment/web --lock --message='frozen for the holidays'",
    };
    return kText;
  }

  std::vector<Flag> flags() override {
    auto table = PolicyUpdateCommand::flags();
    table.push_back({"automate", &edits.automate, "Let fluxd release new images by itself"});
    table.push_back({"deautomate", &edits.deautomate, "Stop fluxd from releasing new images by itself"});
    table.push_back({"lock", &edits.lock, "Keep it from being changed by releases"});
    table.push_back({"tag", &edits.tags, "Pattern for the image tags of one container, as container=pattern"});
    table.push_back({"tag-all", &edits.tag_all, "Pattern for the image tags of all containers"});
    table.push_back({"unlock", &edits.unlock, "Let releases change it again"});
    return table;
  }
};

}  // namespace

std::unique_ptr<Command> policy_command() { return std::make_unique<PolicyCommand>(); }

}  // namespace flux::cli
