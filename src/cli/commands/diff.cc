#include <fmt/format.h>

#include "base/json.h"
#include "cli/commands/commands.h"
#include "cli/diff_page.h"
#include "cli/newer_daemon.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/waiting.h"

namespace flux::cli {
namespace {

class DiffCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "diff",
        .summary = "Show what a sync would change in the cluster",
        .description =
            R"(Show what a sync would change in the cluster, without changing anything: a unified diff for each
resource. Values of Secrets are masked by the daemon and never leave it.

The exit status is 0 whether or not there are differences, and 1 when a sync could not do all of it, such as
a resource that the API server refuses; -o json has these as "refusals".)",
        .examples = "  fluxctl diff\n  fluxctl diff --ref=feature/new-frontend"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"output-format", &output_.format, "Output format (tab, json or yaml)", 'o'},
            {"ref", &ref_, "Revision to compare with the cluster (default the newest of the branch)"}};
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    return output_.check();
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto diff = (*daemon)->diff(ctx, ref_);
    if (!diff) return tl::unexpected(needs_newer_daemon(diff.error()));
    const auto format = *output_.read();
    if (format == Format::json || format == Format::yaml) {
      session.out() << print_value(api::to_json(*diff), format);
      return judge(*diff);
    }
    session.out() << diff_page(*diff, Paint(session.surroundings().colour()));
    for (const auto& note : diff->notes) session.err() << fmt::format("Note: {}\n", note);
    for (const auto& refusal : diff->refusals) session.err() << fmt::format("Warning: {}\n", refusal);
    if (diff->changes.empty()) session.err() << nothing_to_change(*diff);
    return judge(*diff);
  }

 private:
  static std::string nothing_to_change(const api::SyncDiff& diff) {
    const auto name = short_revision(diff.revision);
    if (diff.notes.empty() && diff.refusals.empty()) return fmt::format("The cluster is as {} has it.\n", name);
    return fmt::format("A sync of {} would change nothing, but see above what it leaves as it is.\n", name);
  }

  static Outcome<void> judge(const api::SyncDiff& diff) {
    if (diff.refusals.empty()) return {};
    return fail(ErrorKind::user,
                fmt::format("a sync of {} would not do all that it says", short_revision(diff.revision)),
                "The warnings, or \"refusals\" in JSON and YAML, name what and why.");
  }

  OutputFlags output_;
  std::string ref_;
};

}  // namespace

std::unique_ptr<Command> diff_command() { return std::make_unique<DiffCommand>(); }

}  // namespace flux::cli
