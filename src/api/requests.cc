#include "api/requests.h"

#include <fmt/format.h>

#include "base/json.h"
#include "http/target.h"

namespace flux::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string first(const Fields& fields, std::string_view key) {
  for (const auto& [name, value] : fields)
    if (name == key) return value;
  return {};
}

/// Without the empty ones: `a,,b` is two.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

Result<std::vector<ResourceId>> parse_ids(const std::vector<std::string>& texts) {
  std::vector<ResourceId> ids;
  for (const auto& text : texts) {
    auto id = ResourceId::parse(text);
    if (!id) return Failure(std::move(id.error()));
    ids.push_back(*std::move(id));
  }
  return ids;
}

/// The fields of a form before those of the query, as Go merges them.
Fields form_and_query(const http::ServerRequest& request) {
  Fields fields;
  if (request.headers.get("Content-Type").value_or("").starts_with("application/x-www-form-urlencoded"))
    if (auto form = http::parse_target("/?" + request.body)) fields = std::move(form->query);
  fields.insert(fields.end(), request.query.begin(), request.query.end());
  return fields;
}

Result<std::string> workload_spec(const std::string& text) {
  if (text == kAllWorkloads) return text;
  return ResourceId::parse(text).map([](const ResourceId& id) { return id.to_string(); });
}

Result<std::string> image_spec(const std::string& text) {
  if (text == kLatestImages) return text;
  auto ref = ImageRef::parse(text);
  if (!ref) return Failure(std::move(ref.error()));
  if (ref->tag.empty())
    return fail(ErrorKind::user, "blank tag (if you want latest, explicitly state the tag :latest): invalid image ID",
                fmt::format("Add the tag to \"{}\", or ask for \"{}\".", text, kLatestImages));
  return text;
}

Result<std::string> release_kind(const std::string& text) {
  if (text == kPlanRelease || text == kExecuteRelease) return text;
  return fail(ErrorKind::user, fmt::format("\"{}\" is not a kind of release", text), "kind must be plan or execute.");
}

UpdateCause cause_of(const Fields& fields) { return {first(fields, "message"), first(fields, "user")}; }

Failure in_query(Error error, std::string_view key) { return wrap(std::move(error), fmt::format("parameter {}", key)); }

/// The body as `read` understands it.
template <class Read>
auto read_body(const http::ServerRequest& request, Read read) -> std::invoke_result_t<Read, const Json&> {
  auto value = decode_json(request.body).and_then(read);
  if (!value && value.error().message.starts_with("it ")) value.error().message.replace(0, 2, "the request body");
  return value;
}

}  // namespace

Result<Change> change_of(const http::ServerRequest& request) { return read_body(request, change_from_json); }

Result<ListServicesOptions> list_services_options(const http::ServerRequest& request) {
  auto services = parse_ids(split(first(request.query, "services")));
  if (!services) return in_query(std::move(services.error()), "services");
  return ListServicesOptions{first(request.query, "namespace"), *std::move(services)};
}

Result<ListImagesOptions> list_images_options(const http::ServerRequest& request) {
  ListImagesOptions options;
  const auto service = first(request.query, "service");
  if (!service.empty() && service != kAllWorkloads) {
    auto id = ResourceId::parse(service);
    if (!id) return in_query(std::move(id.error()), "service");
    options.service = *std::move(id);
  }
  options.container_fields = split(first(request.query, "containerFields"));
  options.ns = first(request.query, "namespace");
  options.all_tags = first(request.query, "all") == "true";
  return options;
}

Result<ResourceId> explained_workload(const http::ServerRequest& request) {
  auto id = ResourceId::parse(first(request.query, "service"));
  if (!id) return in_query(std::move(id.error()), "service");
  return id;
}

Result<UpdateSpec> update_spec_of(const http::ServerRequest& request) {
  return read_body(request, update_spec_from_json);
}

Result<UpdateSpec> update_images_spec(const http::ServerRequest& request) {
  const auto fields = form_and_query(request);
  ReleaseImageSpec spec;
  std::vector<std::string> excludes;
  for (const auto& [key, value] : fields) {
    if (key == "exclude") excludes.push_back(value);
    if (key != "service") continue;
    auto workload = workload_spec(value);
    if (!workload) return in_query(std::move(workload.error()), key);
    spec.workloads.push_back(*std::move(workload));
  }
  auto image = image_spec(first(request.query, "image"));
  if (!image) return in_query(std::move(image.error()), "image");
  auto kind = release_kind(first(request.query, "kind"));
  if (!kind) return in_query(std::move(kind.error()), "kind");
  auto excluded = parse_ids(excludes);
  if (!excluded) return in_query(std::move(excluded.error()), "exclude");
  spec.image = *std::move(image);
  spec.kind = *std::move(kind);
  spec.excludes = *std::move(excluded);
  return UpdateSpec{cause_of(fields), std::move(spec)};
}

Result<UpdateSpec> update_policies_spec(const http::ServerRequest& request) {
  auto updates = read_body(request, policy_updates_from_json);
  if (!updates) return Failure(std::move(updates.error()));
  return UpdateSpec{cause_of(request.query), *std::move(updates)};
}

Result<bool> flag_of(const http::ServerRequest& request) {
  return read_body(request, [](const Json& json) -> Result<bool> {
    if (json.is_null()) return false;
    if (json.is_boolean()) return json.get<bool>();
    return fail(ErrorKind::user, "the request body must be true or false", "It says whether to make a new deploy key.");
  });
}

}  // namespace flux::api
