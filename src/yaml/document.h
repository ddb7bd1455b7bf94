#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace flux::yaml {

/// What a node is, after YAML 1.1 resolution as Kubernetes tools do it. Aliases show as what they stand for.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,  ///< fits std::int64_t
  natural,  ///< above that, fits std::uint64_t
  real,
  string,
  sequence,
  mapping,
};

/// How a node is written.
enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded, block, flow };

/// Bytes [begin, end) of the text that was given to Reader.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The storage behind Node; only Reader makes these.
struct Cell {
  struct Text {
    const char* data;
    std::size_t size;
  };
  struct Links {
    std::uint32_t first;
    std::uint32_t count;
  };
  union Payload {
    std::int64_t integer = 0;
    std::uint64_t natural;
    double real;
    bool boolean;
    Text text;
    Links links;
    std::uint32_t target;
  };

  Kind kind = Kind::null;
  Style style = Style::plain;
  bool alias = false;   ///< `payload.target` is the cell that it stands for
  bool binary = false;  ///< a string that came from `!!binary`: any bytes
  bool merge = false;   ///< `<<`, which merges where it stands as a key
  bool merged = false;  ///< a mapping with entries that a merge brought
  std::uint32_t line = 1;
  Span span;
  Payload payload;
};
static_assert(sizeof(Cell) == 40, "there is one for each node of all manifests while they are read");

class Document;

/// One node of a Document: a cheap handle, valid while the Document lives. Reading the value of another kind than
/// kind() says is a programming error. An alias behaves as its anchor in everything but is_alias(), line() and span().
class Node {
 public:
  struct Entry;

  [[nodiscard]] Kind kind() const { return cell().kind; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
  [[nodiscard]] bool is_sequence() const { return kind() == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const { return kind() == Kind::mapping; }
  [[nodiscard]] bool is_scalar() const { return kind() < Kind::sequence; }

  [[nodiscard]] bool boolean() const { return cell().payload.boolean; }
  [[nodiscard]] std::int64_t integer() const { return cell().payload.integer; }
  [[nodiscard]] std::uint64_t natural() const { return cell().payload.natural; }
  [[nodiscard]] double real() const { return cell().payload.real; }
  /// Of a string. Valid UTF-8, except where `!!binary` wrote something else.
  [[nodiscard]] std::string_view text() const { return {cell().payload.text.data, cell().payload.text.size}; }
  [[nodiscard]] bool is_binary() const { return cell().binary; }

  /// Items of a sequence, entries of a mapping; 0 for scalars.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Node item(std::size_t index) const;
  /// The entries in force, merges (`<<`) applied and the last of duplicates kept, in the order of encode(). The spans
  /// of those that are written here tell in which order.
  [[nodiscard]] Entry entry(std::size_t index) const;
  /// The value under a string key; nothing where there is none or this is no mapping.
  [[nodiscard]] std::optional<Node> find(std::string_view key) const;

  /// Counted from 1.
  [[nodiscard]] int line() const { return static_cast<int>(written().line); }
  /// A node as written, without tag and anchor, and without what merely follows: comments, blank lines, the next token.
  /// - Quotes and brackets are part of it; a collection without brackets ends where its last node ends.
  /// - A literal or folded scalar goes from its indicator to its last line of text: up to that line's break with `-`,
  ///   with the break when there is no chomping indicator, and with `+` over the blank lines that follow, because they
  ///   are part of the value. Without any text it is the indicator alone.
  /// - That of an absent null is empty, right after the last thing before it (`:`, `-`, `---`, its tag).
  /// - Empty at 0 when the text is UTF-16.
  [[nodiscard]] Span span() const { return written().span; }
  [[nodiscard]] Style style() const { return written().style; }
  [[nodiscard]] bool is_alias() const { return written().alias; }

  /// The same node of the same document, wherever aliases mention it.
  [[nodiscard]] const Cell* identity() const { return &cell(); }

 private:
  friend class Document;
  Node(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
  [[nodiscard]] const Cell& written() const;
  [[nodiscard]] const Cell& cell() const;

  const Document* document_;
  std::uint32_t index_;
};

struct Node::Entry {
  Node key;
  Node value;
  /// The mapping in which the entry is written, when a merge brought it here; nothing when it is written here. That is
  /// never an alias, and the merge may be one of many steps: with `<<: *b` and in b `<<: *a` it is a for what a says.
  std::optional<Node> merged_from;
};

/// One document of a stream, with its own memory. Movable; moving invalidates its Nodes. Reading it from several
/// threads is fine.
class Document {
 public:
  Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  /// An absent node (as in `---` followed by nothing) is a null.
  [[nodiscard]] Node root() const { return Node(this, root_); }
  /// Each alias of the document, those under merge keys too, with the node that it stands for, in the order written.
  [[nodiscard]] std::vector<std::pair<Node, Node>> aliases() const;

 private:
  friend class Node;
  friend class Composer;

  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts_;
  std::vector<Cell> cells_;
  /// Items of sequences; key, value, key, value of mappings, and key, value, mapping in which they are written of those
  /// with merged entries.
  std::vector<std::uint32_t> links_;
  std::uint32_t root_ = 0;
};

inline const Cell& Node::written() const { return document_->cells_[index_]; }

inline const Cell& Node::cell() const {
  const auto& own = written();
  return own.alias ? document_->cells_[own.payload.target] : own;
}

inline std::size_t Node::size() const {
  const auto& own = cell();
  return own.kind < Kind::sequence ? 0 : own.payload.links.count;
}

inline Node Node::item(std::size_t index) const {
  return {document_, document_->links_[cell().payload.links.first + index]};
}

inline Node::Entry Node::entry(std::size_t index) const {
  const auto& own = cell();
  const auto* const at = &document_->links_[own.payload.links.first + (own.merged ? 3 : 2) * index];
  Entry entry{Node(document_, at[0]), Node(document_, at[1]), std::nullopt};
  if (own.merged && &document_->cells_[at[2]] != &own) entry.merged_from = Node(document_, at[2]);
  return entry;
}

}  // namespace flux::yaml
