#include "yaml/edit/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "yaml/edit/difference.h"
#include "yaml/edit/pieces.h"

namespace flux::yaml {
namespace {

bool holds(Node root, const Change& change) {
  const auto node = node_at(root, change.path);
  if (!change.value) return !node;
  return node && node->is_string() && node->text() == *change.value;
}

bool is_below(const Path& path, const Path& above) {
  return path.size() > above.size() && std::ranges::equal(std::span(path).first(above.size()), above);
}

/// The difference is a change that was asked for, or a mapping that was made for nothing but such.
bool is_asked_for(const Difference& difference, std::span<const Change> changes) {
  if (std::ranges::any_of(changes, [&](const Change& change) { return change.path == difference.path; })) return true;
  if ((difference.before && !difference.before->is_null()) || !difference.after || !difference.after->is_mapping())
    return false;
  const auto members = std::ranges::count_if(changes, [&](const Change& change) {
    return change.value && change.path.size() == difference.path.size() + 1 && is_below(change.path, difference.path);
  });
  return difference.after->size() == static_cast<std::size_t>(members);
}

/// Where the change is written, as far down as there is something.
Node place_of(Node root, const Change& change) {
  auto length = change.path.size();
  auto node = node_at(root, change.path);
  while (!node) node = node_at(root, std::span(change.path).first(--length));
  return *node;
}

bool is_within(Span inner, Span outer) { return outer.begin <= inner.begin && inner.end <= outer.end; }

}  // namespace

Error shared_by(const Original& original, std::span<const Step> path, Node anchored, Node alias) {
  auto name = std::string(bytes_of(original.text, alias.span()));
  if (name.starts_with('*')) name.front() = '&';
  return {
      ErrorKind::user,
      fmt::format("line {}: {} is shared through the anchor {}, which line {} uses: a change would be one there, too",
                  original.line_of(anchored), to_string(path), name, original.line_of(alias)),
      "Write the value out in each place, without anchor and alias."};
}

std::optional<Error> sharing_of(const Original& original, const Change& change) {
  const auto at = place_of(original.document.root(), change).span();
  for (const auto& [alias, anchored] : original.document.aliases()) {
    const bool is_part = is_within(at, anchored.span());
    const bool has_anchor = is_within(anchored.span(), at) && !is_within(alias.span(), at);
    if (is_part || has_anchor) return shared_by(original, change.path, anchored, alias);
  }
  return std::nullopt;
}

Result<void> verify(const Original& before, const Document& after, std::span<const Change> changes) {
  const auto found = differences(before.document.root(), after.root(), changes.size() + 8);
  const auto other =
      std::ranges::find_if(found, [&](const Difference& difference) { return !is_asked_for(difference, changes); });
  const auto missed = std::ranges::find_if(changes, [&](const Change& change) { return !holds(after.root(), change); });
  if (other == found.end() && missed == changes.end()) return {};
  for (const auto& change : changes)
    if (auto shared = sharing_of(before, change)) return Failure(*std::move(shared));
  const auto& changed = missed == changes.end() ? changes.front() : *missed;
  if (other != found.end())
    return fail(ErrorKind::user,
                fmt::format("{} cannot be changed without changing {} as well", to_string(changed.path),
                            to_string(other->path)),
                "Make this change by hand.");
  return fail(ErrorKind::user,
              fmt::format("{} cannot be changed: it is written more than once, or a merge key brings it",
                          to_string(changed.path)),
              "Write it once, or make this change by hand.");
}

}  // namespace flux::yaml
