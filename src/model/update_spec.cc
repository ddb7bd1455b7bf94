#include "model/update_spec.h"

#include <fmt/format.h>

#include <array>

#include "model/json_reader.h"

namespace flux {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<UpdateSpec::Detail>> kTypes{"sync", "image", "containers",
                                                                                       "policy", "auto"};

Json id_to_json(const ResourceId& id) { return id.to_string(); }

Json write(const SyncSpec&) { return Json::object(); }

Json write(const ReleaseImageSpec& spec) {
  return {{"ServiceSpecs", list_or_null(spec.workloads, [](const std::string& text) { return Json(text); })},
          {"ImageSpec", spec.image},
          {"Kind", spec.kind},
          {"Excludes", list_or_null(spec.excludes, id_to_json)},
          {"Force", spec.force}};
}

Json write(const ReleaseContainersSpec& spec) {
  const auto updates = [](const std::vector<ContainerUpdate>& list) {
    return list_or_null(list, [](const ContainerUpdate& update) { return to_json(update); });
  };
  return {{"Kind", spec.kind},
          {"ContainerSpecs", spec.containers.empty() ? Json(nullptr) : id_map_to_json(spec.containers, updates)},
          {"SkipMismatches", spec.skip_mismatches},
          {"Force", spec.force}};
}

Json write(const PolicyUpdates& updates) { return to_json(updates); }

Json write(const AutomatedSpec& spec) {
  return {{"Changes", list_or_null(spec.changes, [](const AutomatedSpec::Change& change) {
             return Json{{"WorkloadID", id_to_json(change.workload)},
                         {"Container", {{"Name", change.container}, {"Image", to_json(change.current)}}},
                         {"ImageID", to_json(change.target)}};
           })}};
}

Result<UpdateCause> cause_from_json(const Json& json) {
  ObjectReader in(json);
  UpdateCause cause{in.text("Message"), in.text("User")};
  return in.done(std::move(cause));
}

Result<UpdateSpec::Detail> read_sync(const Json& json) {
  return ObjectReader(json).done<UpdateSpec::Detail>(SyncSpec{});
}

Result<UpdateSpec::Detail> read_image(const Json& json) {
  ObjectReader in(json);
  ReleaseImageSpec spec{in.texts("ServiceSpecs"), in.text("ImageSpec"), in.text("Kind"),
                        in.list("Excludes", id_from_json), in.flag("Force")};
  return in.done<UpdateSpec::Detail>(std::move(spec));
}

Result<UpdateSpec::Detail> read_containers(const Json& json) {
  const auto updates = [](const Json& list) { return list_from_json(list, container_update_from_json); };
  ObjectReader in(json);
  ReleaseContainersSpec spec{in.text("Kind"), in.id_map("ContainerSpecs", updates), in.flag("SkipMismatches"),
                             in.flag("Force")};
  return in.done<UpdateSpec::Detail>(std::move(spec));
}

Result<UpdateSpec::Detail> read_policy(const Json& json) { return policy_updates_from_json(json); }

Result<AutomatedSpec::Change> change_from_json(const Json& json) {
  struct Container {
    std::string name;
    ImageRef image;
  };
  const auto read_container = [](const Json& container) {
    ObjectReader in(container);
    Container read{in.text("Name"), in.value("Image", image_ref_or_none)};
    return in.done(std::move(read));
  };
  ObjectReader in(json);
  auto workload = in.value("WorkloadID", id_from_json);
  auto container = in.value("Container", read_container);
  AutomatedSpec::Change change{std::move(workload), std::move(container.name), std::move(container.image),
                               in.value("ImageID", image_ref_or_none)};
  return in.done(std::move(change));
}

Result<UpdateSpec::Detail> read_automated(const Json& json) {
  ObjectReader in(json);
  AutomatedSpec spec{in.list("Changes", change_from_json)};
  return in.done<UpdateSpec::Detail>(std::move(spec));
}

using ReadDetail = Result<UpdateSpec::Detail> (*)(const Json&);
constexpr std::array<ReadDetail, kTypes.size()> kReaders{read_sync, read_image, read_containers, read_policy,
                                                         read_automated};

}  // namespace

std::string_view UpdateSpec::type() const { return kTypes.at(detail.index()); }

bool UpdateSpec::is_plan() const {
  if (const auto* image = std::get_if<ReleaseImageSpec>(&detail)) return image->kind == kPlanRelease;
  const auto* containers = std::get_if<ReleaseContainersSpec>(&detail);
  return containers != nullptr && containers->kind == kPlanRelease;
}

Json to_json(const UpdateSpec& spec) {
  return {{"type", spec.type()},
          {"cause", {{"Message", spec.cause.message}, {"User", spec.cause.user}}},
          {"spec", std::visit([](const auto& detail) { return write(detail); }, spec.detail)}};
}

Result<UpdateSpec> update_spec_from_json(const Json& json) {
  ObjectReader in(json);
  const auto type = in.text("type");
  auto cause = in.value("cause", cause_from_json);
  if (auto ok = in.done(true); !ok) return Failure(std::move(ok.error()));
  const auto* found = std::ranges::find(kTypes, type);
  if (found == kTypes.end())
    return fail(ErrorKind::user, fmt::format("unknown spec type: {}", type),
                "The type must be image, containers, policy or sync.");
  const auto* spec = member(json, "spec");
  if (spec == nullptr)
    return fail(ErrorKind::user, fmt::format("the update of type {} has no spec", type),
                "Give the details of the update under the key \"spec\".");
  auto detail = kReaders.at(static_cast<std::size_t>(found - kTypes.begin()))(*spec);
  if (!detail) return wrap(std::move(detail.error()), "spec");
  return UpdateSpec{std::move(cause), *std::move(detail)};
}

}  // namespace flux
