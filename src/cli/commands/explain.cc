#include "base/json.h"
#include "cli/commands/commands.h"
#include "cli/explanation_page.h"
#include "cli/newer_daemon.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/workload.h"

namespace flux::cli {
namespace {

class ExplainCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{
        .name = "explain",
        .summary = "Show which image a workload should run, and why no other",
        .description =
            R"(Show for each container of a workload which tag its filter chooses, and for every other tag why not:
the filter, a creation time that nobody knows, another platform, an error. The tag that runs has a *.)",
        .arguments = "WORKLOAD",
        .examples =
            "  fluxctl explain deployment/web -n shop\n"
            "  fluxctl explain shop:deployment/web --limit=0"};
    return kText;
  }

  std::vector<Flag> flags() override {
    return {{"all-tags", &all_tags_, "Show tags that are no images, such as signatures and charts, too"},
            {"limit", &limit_, "Number of tags to show for each container (0 for all)", 'l'},
            {"namespace", &ns_, "Namespace of the workload (default that of the kubeconfig's context)", 'n'},
            {"output-format", &output_.format, "Output format (tab, json or yaml)", 'o'}};
  }

  Result<void> check(const Invocation& line) override {
    if (line.positionals.size() != 1)
      return fail(ErrorKind::user, "explain takes one workload", "Try: fluxctl explain deployment/web -n shop");
    workload_ = line.positionals.front();
    if (limit_ < 0) return fail(ErrorKind::user, "--limit cannot be less than 0", "0 shows all.");
    if (auto id = parse_workload(workload_, "default"); !id) return Failure(id.error());
    return output_.check();
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto id = parse_workload(workload_, session.namespace_or(ns_));
    if (!id) return pass(id.error());
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto explanation = (*daemon)->explain(ctx, *id, all_tags_);
    if (!explanation) return tl::unexpected(needs_newer_daemon(explanation.error()));
    const auto format = *output_.read();
    session.out() << (format == Format::json || format == Format::yaml ? print_value(api::to_json(*explanation), format)
                                                                       : explanation_page(*explanation, limit_));
    return {};
  }

 private:
  bool all_tags_ = false;
  std::int64_t limit_ = 20;
  std::string ns_;
  std::string workload_;
  OutputFlags output_;
};

}  // namespace

std::unique_ptr<Command> explain_command() { return std::make_unique<ExplainCommand>(); }

}  // namespace flux::cli
