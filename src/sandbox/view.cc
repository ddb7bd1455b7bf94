#include "sandbox/view.h"

#include <algorithm>
#include <sstream>

#include "base/json.h"
#include "sandbox/conversion.h"
#include "sandbox/table/table.h"

namespace flux::sandbox {

namespace {

constexpr auto meta_version = "meta.k8s.io/v1";

std::string text(const Json& json) { return dump_json(json); }

Json partial(const Json& body) {
  Json out = {{"kind", "PartialObjectMetadata"}, {"apiVersion", meta_version}};
  out["metadata"] = body.at("metadata");
  return out;
}

/// The same as text, without a copy.
std::string partial_text(const Json& body) {
  return R"({"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":)" + text(body.at("metadata")) +
         "}";
}

Json empty_table(const std::string& version) {
  return {{"kind", "Table"},
          {"apiVersion", meta_version},
          {"metadata", {{"resourceVersion", version}}},
          {"rows", Json::array()}};
}

/// An object of the kind, in the version that was asked for.
std::string full(const Kind& kind, const Json& body) {
  // What was written through one version is read through another.
  const bool as_kept = body.value("apiVersion", "") == kind.api_version() && kind.group != "autoscaling";
  if (as_kept) return text(body);
  auto other = body;
  other["apiVersion"] = kind.api_version();
  to_own_shape(kind, other);
  return text(other);
}

}  // namespace

View View::choose(const std::string& accept, const std::string& include_object) {
  View out;
  if (include_object == "None") out.include_ = Include::none;
  if (include_object == "Object") out.include_ = Include::object;
  std::istringstream in(accept);
  for (std::string part; std::getline(in, part, ',');) {
    part.erase(std::remove(part.begin(), part.end(), ' '), part.end());
    if (!part.starts_with("application/json") && !part.starts_with("*/*")) continue;
    if (part.find("as=Table") != std::string::npos) {
      if (part.find("v=v1;") == std::string::npos && !part.ends_with("v=v1")) continue;
      out.form_ = Form::table;
    } else if (part.find("as=PartialObjectMetadata") != std::string::npos) {
      out.form_ = Form::partial;
    }
    break;
  }
  return out;
}

Json View::row(const Kind& kind, const Json& body) const {
  Json out = {{"cells", table_cells(kind, body)}};
  if (include_ == Include::metadata) out["object"] = partial(body);
  if (include_ == Include::object) out["object"] = body;
  return out;
}

std::string View::object(const Kind& kind, const Json& body) const {
  if (form_ == Form::full) return full(kind, body);
  if (form_ == Form::partial) return partial_text(body);
  auto table = empty_table(body.at("metadata").value("resourceVersion", ""));
  table["columnDefinitions"] = table_columns(kind);
  table["rows"].push_back(row(kind, body));
  return text(table);
}

std::string View::list(const Kind& kind, const Store::Listing& listing, const std::string& next) const {
  Json metadata = {{"resourceVersion", std::to_string(listing.version)}};
  if (!next.empty()) metadata["continue"] = next;
  if (form_ == Form::table) {
    auto table = empty_table("");
    table["metadata"] = metadata;
    table["columnDefinitions"] = table_columns(kind);
    for (const auto& object : listing.objects) table["rows"].push_back(row(kind, object->body));
    return text(table);
  }
  const bool whole = form_ == Form::full;
  const auto name = whole ? kind.list_kind : std::string("PartialObjectMetadataList");
  std::string out = R"({"kind":")" + name + R"(","apiVersion":")" + (whole ? kind.api_version() : meta_version) +
                    R"(","metadata":)" + text(metadata) + R"(,"items":[)";
  for (const auto& object : listing.objects) {
    if (out.back() != '[') out += ',';
    out += whole ? full(kind, object->body) : partial_text(object->body);
  }
  return out + "]}";
}

std::string View::event(const Kind& kind, const char* type, const Json& body, bool first) const {
  std::string shown;
  if (form_ == Form::table) {
    auto table = empty_table(body.at("metadata").value("resourceVersion", ""));
    table["columnDefinitions"] = first ? table_columns(kind) : Json();
    table["rows"].push_back(row(kind, body));
    shown = text(table);
  } else {
    shown = object(kind, body);
  }
  return std::string(R"({"type":")") + type + R"(","object":)" + shown + "}\n";
}

std::string View::bookmark(const Kind& kind, std::uint64_t version, bool initial_events_end) const {
  Json body = {{"kind", kind.kind},
               {"apiVersion", kind.api_version()},
               {"metadata", {{"resourceVersion", std::to_string(version)}}}};
  if (initial_events_end) body["metadata"]["annotations"]["k8s.io/initial-events-end"] = "true";
  if (form_ == Form::partial) body = partial(body);
  if (form_ == Form::table) {
    const auto metadata = body["metadata"];
    body = empty_table(metadata["resourceVersion"]);
    body["columnDefinitions"] = nullptr;
    body["rows"].push_back(
        {{"cells", Json::array()},
         {"object", {{"kind", "PartialObjectMetadata"}, {"apiVersion", meta_version}, {"metadata", metadata}}}});
  }
  return R"({"type":"BOOKMARK","object":)" + text(body) + "}\n";
}

}  // namespace flux::sandbox
