#include "model/resource_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"

namespace flux {
namespace {

bool all_of(std::string_view text, std::string_view punctuation) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           punctuation.find(c) != std::string_view::npos;
  });
}

bool is_namespace(std::string_view text) { return text == kClusterScope || all_of(text, "_-"); }

}  // namespace

ResourceId::ResourceId(std::string_view ns, std::string_view kind, std::string_view name)
    : ns_(ns.empty() ? kClusterScope : ns), kind_(to_lower(kind)), name_(name) {}

Result<ResourceId> ResourceId::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto colon = text.substr(0, slash).find(':');
  if (slash != std::string_view::npos && colon != std::string_view::npos) {
    const auto ns = text.substr(0, colon);
    const auto kind = text.substr(colon + 1, slash - colon - 1);
    const auto name = text.substr(slash + 1);
    if (is_namespace(ns) && all_of(kind, "_-") && all_of(name, "_.:-")) return ResourceId(ns, kind, name);
  }
  if (slash != std::string_view::npos) {
    const auto ns = text.substr(0, slash);
    const auto name = text.substr(slash + 1);
    if (all_of(ns, "_-") && all_of(name, "_-")) {
      ResourceId id(ns, "service", name);
      id.legacy_ = true;
      return id;
    }
  }
  return fail(ErrorKind::user, fmt::format("parsing {}: invalid service ID", text),
              "Write it as <namespace>:<kind>/<name>, for example default:deployment/hello.");
}

std::string ResourceId::to_string() const {
  if (empty()) return {};
  if (legacy_) return ns_ + "/" + name_;
  return ns_ + ":" + kind_ + "/" + name_;
}

std::strong_ordering operator<=>(const ResourceId& a, const ResourceId& b) {
  // Sorting thousands must not build strings. Only where one namespace or kind begins with the other does what follows
  // it (`:` or `/`) take part in the order.
  if (!a.legacy_ && !b.legacy_) {
    const auto begins = [](const std::string& x, const std::string& y) { return x.starts_with(y) || y.starts_with(x); };
    if (a.ns_ != b.ns_) {
      if (!begins(a.ns_, b.ns_)) return a.ns_ <=> b.ns_;
    } else if (a.kind_ == b.kind_) {
      return a.name_ <=> b.name_;
    } else if (!begins(a.kind_, b.kind_)) {
      return a.kind_ <=> b.kind_;
    }
  }
  return a.to_string() <=> b.to_string();
}

}  // namespace flux
