#include "yaml/edit/edit.h"

#include <fmt/format.h>

#include <utility>

#include "base/utf8.h"
#include "yaml/edit/inserting.h"
#include "yaml/edit/pieces.h"
#include "yaml/edit/removing.h"
#include "yaml/edit/replacing.h"
#include "yaml/edit/verify.h"
#include "yaml/reader.h"

namespace flux::yaml {
namespace {

using Pieces = std::vector<Piece>;

/// A key that is written twice goes with each of its entries.
constexpr int kMostRounds = 100;

bool is_wide(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"); }

/// Where a change is to be made: the mapping that holds the member, or would.
struct Way {
  Parent parent;
  std::optional<Node::Entry> entry;  ///< of the member; of the mapping that is missing, where `missing`
  bool missing = false;              ///< the mapping itself is not there: `parent` is the one around it
};

Failure refuse_place(const Original& original, Node node, std::string_view what) {
  return fail(ErrorKind::user, fmt::format("line {}: {}", original.line_of(node), what));
}

bool is_in_brackets(Node node) { return !node.is_scalar() && node.style() == Style::flow; }

Result<Way> way_to(const Original& original, const Path& path) {
  const auto root = original.document.root();
  Parent parent{root, std::nullopt, is_in_brackets(root)};
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto below = std::span(path).first(i + 1);
    const auto next = node_at(parent.mapping, below.last(1));
    if (!next || next->is_null()) {
      const auto* key = std::get_if<std::string>(&path[i]);
      if (i + 2 != path.size() || !key || !parent.mapping.is_mapping())
        return refuse_place(original, parent.mapping, fmt::format("there is no {}", to_string(below)));
      return Way{parent, member(parent.mapping, *key), true};
    }
    if (next->is_alias())
      for (const auto& [alias, anchored] : original.document.aliases())
        if (alias.span() == next->span()) return Failure(shared_by(original, below, anchored, alias));
    parent = {*next, parent.mapping, parent.in_flow || is_in_brackets(*next)};
  }
  if (!parent.mapping.is_mapping())
    return refuse_place(original, parent.mapping,
                        to_string(std::span(path).first(path.size() - 1)) + " is not a mapping");
  return Way{parent, member(parent.mapping, std::get<std::string>(path.back())), false};
}

Result<Pieces> pieces_for(const Original& original, const Change& change) {
  const auto text = original.text;
  const auto way = way_to(original, change.path);
  if (!way) return Failure(way.error());
  const auto& key = std::get<std::string>(change.path.back());
  const auto& entry = way->entry;
  const bool is_here = entry && !entry->merged_from;
  if (!change.value) return way->missing || !is_here ? Pieces{} : remove_member(text, way->parent.mapping, key);
  if (way->missing) {
    const auto& outer_key = std::get<std::string>(change.path[change.path.size() - 2]);
    if (is_here) return insert_below_null(text, way->parent, *entry, {key, std::nullopt, *change.value});
    return insert_member(text, way->parent, {outer_key, key, *change.value});
  }
  if (entry && entry->value.is_string() && entry->value.text() == *change.value && !entry->value.is_binary())
    return Pieces{};
  if (!is_here) return insert_member(text, way->parent, {key, std::nullopt, *change.value});
  const auto& old = entry->value;
  if (!old.is_alias() && !old.is_scalar())
    return refuse_place(original, old,
                        fmt::format("{} is a {}, where a text is to be written", to_string(change.path),
                                    old.is_mapping() ? "mapping" : "sequence"));
  return replace_value(text, *entry, *change.value, way->parent.in_flow);
}

}  // namespace

Result<Document> read_one(std::string_view text, int first_line) {
  if (is_wide(text))
    return fail(ErrorKind::user, fmt::format("yaml: line {}: the text is UTF-16, which is not edited", first_line),
                "Convert the file to UTF-8.");
  Reader reader(text);
  std::vector<Document> documents;
  for (auto next = reader.next(); !next || *next; next = reader.next()) {
    if (!next) {
      // The reader counts from the document's first line.
      auto error = std::move(next.error());
      const auto what = error.message.find(": ", error.message.find("line "));
      if (first_line > 1 && what != std::string::npos)
        error.message =
            fmt::format("yaml: line {}{}", first_line - 1 + reader.error_line(), error.message.substr(what));
      return Failure(std::move(error));
    }
    documents.push_back(std::move(**next));
  }
  if (documents.size() != 1)
    return fail(ErrorKind::user,
                fmt::format("yaml: line {}: here are {} documents instead of one", first_line, documents.size()));
  return std::move(documents.front());
}

Result<Edited> edit(const Original& original, std::span<const Change> changes) {
  std::string text(original.text);
  std::optional<Document> now;
  for (const auto& change : changes) {
    if (change.value && !is_utf8(*change.value))
      return fail(ErrorKind::user, fmt::format("the new value of {} is not UTF-8", to_string(change.path)));
    for (int round = 0; round < kMostRounds; ++round) {
      const auto pieces = pieces_for({text, now ? *now : original.document, original.first_line}, change);
      if (!pieces) return Failure(pieces.error());
      if (pieces->empty()) break;
      text = with_pieces(text, *pieces);
      auto read = read_one(text, original.first_line);
      if (!read) {
        if (auto shared = sharing_of(original, change)) return Failure(*std::move(shared));
        return fail(ErrorKind::user,
                    fmt::format("{} is written in a way that cannot be edited: the result would be no YAML ({})",
                                to_string(change.path), read.error().message),
                    "Make this change by hand.");
      }
      now = std::move(*read);
      if (change.value) break;
    }
  }
  if (auto ok = verify(original, now ? *now : original.document, changes); !ok) return Failure(std::move(ok.error()));
  return Edited{std::move(text), std::move(now)};
}

Result<std::string> edit(std::string_view document, std::span<const Change> changes) {
  const auto before = read_one(document);
  if (!before) return Failure(before.error());
  auto edited = edit({document, *before}, changes);
  if (!edited) return Failure(std::move(edited.error()));
  return std::move(edited->text);
}

}  // namespace flux::yaml
