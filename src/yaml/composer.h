#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "yaml/document.h"

namespace flux::yaml {

/// A node's text and properties as the parser saw them.
struct Scalar {
  std::string_view text;
  std::string_view tag;  ///< in full, empty when absent
  bool plain = false;    ///< to be resolved when untagged
  Style style = Style::plain;
};

/// Where a node begins.
struct Place {
  std::uint32_t line = 1;
  Span span;
};

/// Builds one Document out of a parser's events. Each call answers with what is wrong, empty when all is well; after a
/// problem the composer is to be thrown away.
class Composer {
 public:
  Composer();

  [[nodiscard]] std::string scalar(const Scalar& scalar, const Place& place, std::string_view anchor);
  [[nodiscard]] std::string alias(std::string_view anchor, const Place& place);
  [[nodiscard]] std::string open(Kind kind, Style style, const Place& place, std::string_view anchor);
  /// `end` is after the closing bracket; without one, the collection ends with its last child. `line` is set to the
  /// line of the problem, if there is one.
  [[nodiscard]] std::string close(std::optional<std::uint32_t> end, std::uint32_t& line);

  [[nodiscard]] Document take();

 private:
  struct Open {
    std::uint32_t cell;
    std::uint32_t first_child;
    std::uint32_t anchor;  ///< index in anchors_, kNone without
  };
  struct Anchor {
    std::uint32_t cell = 0;
    bool open = false;
    std::uint64_t nodes = 0;  ///< decode steps that one alias costs
    std::uint64_t bytes = 0;
  };
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  std::uint32_t add(const Cell& cell);
  std::uint32_t remember(std::string_view anchor, std::uint32_t cell, bool open);
  std::string_view keep(std::string_view text);
  std::string value_of(const Scalar& scalar, Cell& cell);
  std::string close_mapping(const Open& open, Cell& cell, std::uint32_t& line);
  void link_entries(std::uint32_t mapping);
  std::string merge(std::uint32_t value, std::uint32_t& line);
  std::string merge_mapping(std::uint32_t value);
  [[nodiscard]] const Cell& target(std::uint32_t cell) const;

  Document document_;
  std::vector<Open> open_;
  std::vector<std::uint32_t> children_;                           ///< of all open collections
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries_;  ///< of the mapping that is being closed
  std::vector<std::pair<std::uint32_t, std::uint32_t>> merged_;   ///< its merged keys, and where each is written
  std::vector<Anchor> anchors_;
  std::unordered_map<std::string, std::uint32_t> anchor_by_name_;
  std::uint64_t nodes_ = 1;
  std::uint64_t bytes_ = 0;
  std::uint64_t aliased_nodes_ = 0;
  std::uint64_t aliased_bytes_ = 0;
};

}  // namespace flux::yaml
