#include <algorithm>

#include "base/json.h"
#include "cli/commands/commands.h"
#include "cli/image_table.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/workload.h"

namespace flux::cli {
namespace {

/// The counts stay those of all images (compat/fluxctl.md 2.2).
void cut_to(std::int64_t limit, std::vector<api::ImageStatus>& workloads) {
  if (limit == 0) return;
  for (auto& workload : workloads)
    for (auto& container : workload.containers)
      if (static_cast<std::int64_t>(container.available.size()) > limit)
        container.available.resize(static_cast<std::size_t>(limit));
}

class ListImagesCommand : public Command {
 public:
  [[nodiscard]] const CommandText& text() const override {
    static const CommandText kText{.name = "list-images",
                                   .summary = "List which images run and which are available",
                                   .examples = "  fluxctl list-images --workload=shop:deployment/web --limit=0"};
    return kText;
  }

  std::vector<Flag> flags() override {
    auto table = output_.table();
    table.push_back({"all-namespaces", &all_, "List those of all namespaces", 'a'});
    table.push_back({"all-tags", &all_tags_, "List tags that are no images, such as signatures and charts, too"});
    table.push_back({"controller", &controller_, "", 'c', "changed to --workload, use that instead"});
    table.push_back(
        {"limit", &limit_, "Number of images to list for each container, in JSON as well (0 for all)", 'l'});
    table.push_back({"namespace", &ns_, "Namespace to list (default that of the kubeconfig's context)", 'n'});
    table.push_back({"workload", &workload_, "List the images of this workload only", 'w'});
    return table;
  }

  Result<void> check(const Invocation& line) override {
    if (auto none = refuse_positionals(line); !none) return none;
    if (!workload_.empty() && !controller_.empty())
      return fail(ErrorKind::user, "can't specify both the controller and image");
    if (!controller_.empty()) workload_ = controller_;
    const auto format = output_.read();
    if (!format) return Failure(format.error());
    const bool table = *format == Format::tab || *format == Format::wide;
    if (limit_ < 0 && !table) return fail(ErrorKind::user, "opts.limit cannot be less than 0", "0 lists all.");
    if (workload_.empty()) return {};
    const auto id = parse_workload(workload_, "default");
    return id ? Result<void>{} : Failure(id.error());
  }

  Outcome<void> run(const Context& ctx, Session& session) override {
    const auto daemon = session.daemon(ctx);
    if (!daemon) return tl::unexpected(daemon.error());
    api::ListImagesOptions options;
    options.all_tags = all_tags_;
    const auto ns = all_ ? std::string{} : session.namespace_or(ns_);
    if (workload_.empty()) {
      options.ns = ns;
    } else {
      const auto id = parse_workload(workload_, session.namespace_or(ns_));
      if (!id) return pass(id.error());
      options.service = *id;
    }
    auto workloads = (*daemon)->list_images(ctx, options);
    if (!workloads) return pass(workloads.error());
    std::ranges::sort(*workloads, {}, &api::ImageStatus::id);
    const auto format = *output_.read();
    if (format == Format::json || format == Format::yaml) {
      cut_to(limit_, *workloads);
      session.out() << print_value(api::to_json(*workloads), format);
      return {};
    }
    session.out() << image_table(*workloads, {limit_, !output_.no_headers, format == Format::wide});
    return {};
  }

 private:
  bool all_ = false;
  bool all_tags_ = false;
  std::string controller_;
  std::int64_t limit_ = 10;
  std::string ns_;
  std::string workload_;
  OutputFlags output_;
};

}  // namespace

std::unique_ptr<Command> list_images_command() { return std::make_unique<ListImagesCommand>(); }

}  // namespace flux::cli
