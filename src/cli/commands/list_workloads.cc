#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"

namespace flux::cli {
namespace {

using Workloads = std::vector<api::ControllerStatus>;
using Row = std::vector<std::string>;

std::string policies_of(const api::ControllerStatus& workload) {
  std::vector<std::string_view> names;
  if (workload.automated()) names.emplace_back("automated");
  if (workload.ignored()) names.emplace_back("ignore");
  if (workload.locked()) names.emplace_back("locked");
  return fmt::format("{}", fmt::join(names, ","));
}

/// Sorted, and only those that have such a container when one is named.
void arrange(Workloads& workloads, const std::string& container) {
  if (!container.empty())
    std::erase_if(workloads, [&](const auto& workload) {
      return std::ranges::none_of(workload.containers, [&](const auto& one) { return one.name == container; });
    });
  std::ranges::sort(workloads, {}, &api::ControllerStatus::id);
}

void append_rows(std::vector<Row>& rows, const api::ControllerStatus& workload, bool wide) {
  const auto& rollout = workload.rollout;
  const auto image = [](const api::Container& container) { return container.current.id.to_string(); };
  const auto first = workload.containers.empty() ? api::Container{} : workload.containers.front();
  Row head{workload.id.to_string(), first.name, image(first), workload.status};
  if (wide) head.push_back(fmt::format("{}/{}", rollout.ready, rollout.desired));
  if (wide) head.push_back(workload.read_only);
  head.push_back(policies_of(workload));
  if (wide) head.push_back(workload.sync_error);
  const auto width = head.size();
  rows.push_back(std::move(head));
  for (std::size_t i = 1; i < workload.containers.size(); ++i) {
    rows.push_back({"", workload.containers[i].name, image(workload.containers[i])});
    rows.back().resize(width);
  }
}

std::string table_of(const Workloads& workloads, bool headers, bool wide) {
  std::vector<Row> rows;
  if (headers && wide)
    rows.push_back({"WORKLOAD", "CONTAINER", "IMAGE", "RELEASE", "READY", "READONLY", "POLICY", "SYNC ERROR"});
  else if (headers)
    rows.push_back({"WORKLOAD", "CONTAINER", "IMAGE", "RELEASE", "POLICY"});
  for (const auto& workload : workloads) append_rows(rows, workload, wide);
  return align(rows);
}

/// Beside the table, whose columns scripts read.
std::string troubles_of(const Workloads& workloads) {
  std::string text;
  for (const auto& workload : workloads)
    for (const auto& container : workload.containers)
      if (!container.available_error.empty())
        text += fmt::format("Warning: {}, container {}: {}\n", workload.id.to_string(), container.name,
                            container.available_error);
  return text;
}

class ListWorkloadsCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "list-workloads",
                                   .summary = "List the workloads that run in the cluster",
                                   .examples = "  fluxctl list-workloads --all-namespaces",
                                   .aliases = {"list-controllers"}};
    return kText;
  }

  std::vector<Flag> flags() override {
    auto table = output_.table();
    table.push_back({"all-namespaces", &all_, "List those of all namespaces", 'a'});
    table.push_back({"container", &container_, "List those that have a container of this name", 'c'});
    table.push_back({"namespace", &ns_, "Namespace to list (default that of the kubeconfig's context)", 'n'});
    return table;
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    return output_.check();
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    const auto ns = all_ ? std::string{} : session.namespace_or(ns_);
    auto workloads = (*daemon)->list_services(ctx, {ns, {}});
    if (!workloads) return pass(workloads.error());
    arrange(*workloads, container_);
    const auto format = *output_.read();
    if (format == Format::json || format == Format::yaml) {
      session.out() << print_value(api::to_json(*workloads), format);
    } else {
      session.out() << table_of(*workloads, !output_.no_headers, format == Format::wide);
      session.err() << troubles_of(*workloads);
    }
    // Whoever looks at an empty table wonders whether it is the right place.
    if (workloads->empty() && !ns.empty() && session.surroundings().err_is_terminal)
      session.err() << fmt::format("Nothing found in namespace \"{}\". --all-namespaces shows all, -n another one.\n",
                                   ns);
    return {};
  }

 private:
  bool all_ = false;
  std::string container_;
  std::string ns_;
  OutputFlags output_;
};

}  // namespace

std::unique_ptr<Command> list_workloads_command() { return std::make_unique<ListWorkloadsCommand>(); }

}  // namespace flux::cli
