#include "yaml/composer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "yaml/key_order.h"
#include "yaml/reader.h"
#include "yaml/scalar.h"

namespace flux::yaml {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";
constexpr std::string_view kExcessive = "document contains excessive aliasing";
constexpr std::uint64_t kMaxAliasedBytes = 64U << 20U;

/// The share of decode steps that may come from aliases: 99 % in documents up to 400,000 steps, falling to 10 % at 4
/// million (the original's limits).
double allowed_share(std::uint64_t nodes) {
  constexpr double kLow = 400'000;
  constexpr double kHigh = 4'000'000;
  const auto count = static_cast<double>(nodes);
  if (count <= kLow) return 0.99;
  if (count >= kHigh) return 0.10;
  return 0.99 - 0.89 * ((count - kLow) / (kHigh - kLow));
}

std::string_view short_name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "bool";
    case Kind::integer:
    case Kind::natural:
      return "int";
    case Kind::real:
      return "float";
    default:
      return "str";
  }
}

bool is_resolvable(std::string_view name) {
  return name == "bool" || name == "int" || name == "float" || name == "null" || name == "timestamp";
}

}  // namespace

Composer::Composer() { document_.cells_.reserve(64); }

Document Composer::take() { return std::move(document_); }

std::uint32_t Composer::add(const Cell& cell) {
  const auto index = static_cast<std::uint32_t>(document_.cells_.size());
  document_.cells_.push_back(cell);
  if (!open_.empty()) children_.push_back(index);
  ++nodes_;
  return index;
}

std::uint32_t Composer::remember(std::string_view anchor, std::uint32_t cell, bool open) {
  if (anchor.empty()) return kNone;
  const auto index = static_cast<std::uint32_t>(anchors_.size());
  anchors_.push_back({cell, open, nodes_, bytes_});
  anchor_by_name_.insert_or_assign(std::string(anchor), index);
  return index;
}

std::string_view Composer::keep(std::string_view text) {
  if (text.empty()) return {};
  auto* const place = static_cast<char*>(document_.texts_->allocate(text.size(), 1));
  std::ranges::copy(text, place);
  bytes_ += text.size();
  return {place, text.size()};
}

std::string Composer::value_of(const Scalar& scalar, Cell& cell) {
  Meaning meaning;
  auto text = scalar.text;
  std::string decoded;
  const bool standard = scalar.tag.starts_with(kTagPrefix);
  const auto name = standard ? scalar.tag.substr(kTagPrefix.size()) : std::string_view();
  if (scalar.tag.empty()) {
    if (scalar.plain) meaning = resolve(text);
  } else if (is_resolvable(name)) {
    if (!resolve_as(name, text, meaning))
      return fmt::format("cannot decode !!{} `{}` as a !!{}", short_name(meaning.kind), text, name);
  } else if (name == "binary") {
    auto bytes = decode_base64(text);
    if (!bytes) return "!!binary value contains invalid base64 data";
    decoded = std::move(*bytes);
    text = decoded;
    cell.binary = true;
  }
  cell.kind = meaning.kind;
  cell.payload = meaning.value;
  if (meaning.kind == Kind::string) {
    text = keep(text);
    cell.payload.text = {text.data(), text.size()};
  }
  return {};
}

std::string Composer::scalar(const Scalar& scalar, const Place& place, std::string_view anchor) {
  Cell cell;
  cell.style = scalar.style;
  cell.line = place.line;
  cell.span = place.span;
  if (auto problem = value_of(scalar, cell); !problem.empty()) return problem;
  // A plain `<<` is a merge key only where it stands as a key; as a value it is text.
  cell.merge = scalar.text == "<<" && (scalar.tag.empty() ? scalar.plain : scalar.tag == "tag:yaml.org,2002:merge");
  const auto known = remember(anchor, add(cell), /*open=*/false);
  if (known != kNone) {
    anchors_[known].nodes = 1;
    anchors_[known].bytes = cell.kind == Kind::string ? cell.payload.text.size : 0;
  }
  return {};
}

std::string Composer::alias(std::string_view anchor, const Place& place) {
  const auto found = anchor_by_name_.find(std::string(anchor));
  if (found == anchor_by_name_.end()) return fmt::format("unknown anchor '{}' referenced", anchor);
  const auto& known = anchors_[found->second];
  if (known.open) return fmt::format("anchor '{}' value contains itself", anchor);

  const auto& anchored = document_.cells_[known.cell];
  Cell cell;
  cell.kind = anchored.kind;
  cell.style = anchored.style;
  cell.alias = true;
  cell.line = place.line;
  cell.span = place.span;
  cell.payload.target = known.cell;
  add(cell);

  nodes_ += known.nodes;
  bytes_ += known.bytes;
  aliased_nodes_ += known.nodes;
  aliased_bytes_ += known.bytes;
  const auto share = static_cast<double>(aliased_nodes_) / static_cast<double>(nodes_);
  if (aliased_nodes_ > 100 && nodes_ > 1000 && share > allowed_share(nodes_)) return std::string(kExcessive);
  if (aliased_bytes_ > kMaxAliasedBytes) return std::string(kExcessive);
  return {};
}

std::string Composer::open(Kind kind, Style style, const Place& place, std::string_view anchor) {
  if (open_.size() >= kMaxDepth) return fmt::format("exceeded max depth of {}", kMaxDepth);
  Cell cell;
  cell.kind = kind;
  cell.style = style;
  cell.line = place.line;
  cell.span = place.span;
  const auto index = add(cell);
  open_.push_back({index, static_cast<std::uint32_t>(children_.size()), remember(anchor, index, /*open=*/true)});
  return {};
}

std::string Composer::close(std::optional<std::uint32_t> end, std::uint32_t& line) {
  const auto closing = open_.back();
  open_.pop_back();
  auto& cell = document_.cells_[closing.cell];
  const bool has_children = children_.size() > closing.first_child;
  cell.span.end = end ? *end : has_children ? document_.cells_[children_.back()].span.end : cell.span.begin;

  auto& links = document_.links_;
  cell.payload.links.first = static_cast<std::uint32_t>(links.size());
  if (cell.kind == Kind::mapping) {
    if (auto problem = close_mapping(closing, cell, line); !problem.empty()) return problem;
  } else {
    links.insert(links.end(), children_.begin() + closing.first_child, children_.end());
    cell.payload.links.count = static_cast<std::uint32_t>(children_.size()) - closing.first_child;
  }
  children_.resize(closing.first_child);
  if (closing.anchor != kNone) {
    auto& anchor = anchors_[closing.anchor];
    anchor.open = false;
    anchor.nodes = nodes_ - anchor.nodes + 1;
    anchor.bytes = bytes_ - anchor.bytes;
  }
  return {};
}

const Cell& Composer::target(std::uint32_t cell) const {
  const auto& own = document_.cells_[cell];
  return own.alias ? document_.cells_[own.payload.target] : own;
}

std::string Composer::close_mapping(const Open& open, Cell& cell, std::uint32_t& line) {
  entries_.clear();
  merged_.clear();
  for (std::size_t i = open.first_child; i < children_.size(); i += 2) {
    const auto key = children_[i];
    const auto& written = document_.cells_[key];
    if (written.merge) {
      if (auto problem = merge(children_[i + 1], line); !problem.empty()) return problem;
      continue;
    }
    if (written.kind >= Kind::sequence) {
      line = written.line;
      return fmt::format("invalid map key: a {} cannot be a key",
                         written.kind == Kind::mapping ? "mapping" : "sequence");
    }
    entries_.emplace_back(key, children_[i + 1]);
  }
  order_entries(entries_, [this](std::uint32_t key) -> const Cell& { return target(key); });
  cell.payload.links.count = static_cast<std::uint32_t>(entries_.size());
  cell.merged = !merged_.empty();
  link_entries(open.cell);
  return {};
}

void Composer::link_entries(std::uint32_t mapping) {
  std::ranges::sort(merged_);
  for (const auto& [key, value] : entries_) {
    document_.links_.push_back(key);
    document_.links_.push_back(value);
    if (merged_.empty()) continue;
    const auto from = std::ranges::lower_bound(merged_, key, {}, &EntryCells::first);
    document_.links_.push_back(from != merged_.end() && from->first == key ? from->second : mapping);
  }
}

std::string Composer::merge(std::uint32_t value, std::uint32_t& line) {
  const auto& cell = document_.cells_[value];
  line = cell.line;
  if (cell.kind == Kind::sequence && !cell.alias) {
    // Earlier mappings take precedence, and the last entry is the one that counts.
    for (auto i = cell.payload.links.count; i-- > 0;)
      if (auto problem = merge_mapping(document_.links_[cell.payload.links.first + i]); !problem.empty())
        return problem;
    return {};
  }
  return merge_mapping(value);
}

std::string Composer::merge_mapping(std::uint32_t value) {
  const auto& cell = target(value);
  if (cell.kind != Kind::mapping) return "map merge requires map or sequence of maps as the value";
  const auto source = static_cast<std::uint32_t>(&cell - document_.cells_.data());
  const std::size_t width = cell.merged ? 3 : 2;
  const auto* link = document_.links_.data() + cell.payload.links.first;
  for (std::uint32_t i = 0; i < cell.payload.links.count; ++i, link += width) {
    entries_.emplace_back(link[0], link[1]);
    merged_.emplace_back(link[0], cell.merged ? link[2] : source);
  }
  return {};
}

}  // namespace flux::yaml
