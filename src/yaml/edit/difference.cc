#include "yaml/edit/difference.h"

#include <map>
#include <string>
#include <utility>

#include "yaml/json.h"

namespace flux::yaml {
namespace {

/// Text that two keys share only when they are the same.
std::string identity_of(Node key) {
  return static_cast<char>('0' + static_cast<int>(key.kind())) +
         (key.is_string() ? std::string(key.text()) : scalar_text(key));
}

bool same_scalar(Node a, Node b) {
  if (a.kind() != b.kind() || a.is_string() != b.is_string()) return false;
  if (a.is_string()) return a.text() == b.text() && a.is_binary() == b.is_binary();
  return scalar_text(a) == scalar_text(b);
}

std::string step_of(Node key) { return key.is_string() ? std::string(key.text()) : scalar_text(key); }

/// Goes down with a list of its own, because documents may be nested deeper than the stack.
class DifferenceFinder {
 public:
  explicit DifferenceFinder(std::size_t most) : most_(most) {}

  std::vector<Difference> find(Node before, Node after) {
    compare(before, after);
    while (!open_.empty() && found_.size() < most_) {
      auto& top = open_.back();
      if (++top.at >= size_of(top)) {
        open_.pop_back();
      } else if (!top.shared.empty()) {
        compare(top.shared[top.at].first.value, top.shared[top.at].second);
      } else if (top.before.is_sequence()) {
        compare(top.before.item(top.at), top.after.item(top.at));
      } else {
        compare(top.before.entry(top.at).value, top.after.entry(top.at).value);
      }
    }
    return std::move(found_);
  }

 private:
  /// Two collections of the same kind, of which the children are compared up to `at`.
  struct Open {
    Node before;
    Node after;
    std::size_t at = kNotBegun;
    /// Where the keys differ: the entries that both have. Else those at one index are each other's.
    std::vector<std::pair<Node::Entry, Node>> shared = {};
    bool is_empty = false;
  };
  static constexpr std::size_t kNotBegun = ~std::size_t{0};

  static std::size_t size_of(const Open& open) {
    if (open.is_empty) return 0;
    return open.shared.empty() ? open.before.size() : open.shared.size();
  }

  void compare(Node a, Node b) {
    if (a.is_sequence() && b.is_sequence() && a.size() == b.size())
      open_.push_back({a, b});
    else if (a.is_mapping() && b.is_mapping())
      open_mappings(a, b);
    else if (!a.is_scalar() || !b.is_scalar() || !same_scalar(a, b))
      found_.push_back({path(), a, b});
  }

  void open_mappings(Node a, Node b) {
    // With equal keys the order is the same, too.
    bool same_keys = a.size() == b.size();
    for (std::size_t i = 0; i < a.size() && same_keys; ++i) same_keys = same_scalar(a.entry(i).key, b.entry(i).key);
    Open open{a, b};
    if (!same_keys) {
      pair_entries(open);
      open.is_empty = open.shared.empty();
    }
    open_.push_back(std::move(open));
  }

  void pair_entries(Open& open) {
    std::map<std::string, Node> others;
    for (std::size_t i = 0; i < open.after.size(); ++i)
      others.emplace(identity_of(open.after.entry(i).key), open.after.entry(i).value);
    for (std::size_t i = 0; i < open.before.size(); ++i) {
      const auto entry = open.before.entry(i);
      const auto other = others.find(identity_of(entry.key));
      if (other == others.end()) {
        note(entry.key, entry.value, std::nullopt);
      } else {
        open.shared.emplace_back(entry, other->second);
        others.erase(other);
      }
    }
    for (std::size_t i = 0; i < open.after.size(); ++i)
      if (const auto entry = open.after.entry(i); others.contains(identity_of(entry.key)))
        note(entry.key, std::nullopt, entry.value);
  }

  void note(Node key, std::optional<Node> before, std::optional<Node> after) {
    auto where = path();
    where.emplace_back(step_of(key));
    found_.push_back({std::move(where), before, after});
  }

  /// Of what is being compared.
  [[nodiscard]] Path path() const {
    Path path;
    for (const auto& open : open_) {
      if (!open.shared.empty())
        path.emplace_back(step_of(open.shared[open.at].first.key));
      else if (open.before.is_sequence())
        path.emplace_back(open.at);
      else
        path.emplace_back(step_of(open.before.entry(open.at).key));
    }
    return path;
  }

  std::size_t most_;
  std::vector<Open> open_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(Node before, Node after, std::size_t most) {
  return DifferenceFinder(most).find(before, after);
}

}  // namespace flux::yaml
