#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace flux {

/// A map whose copies share what they have in common: copying costs next to nothing whatever its size, a change costs a
/// few dozen entries, and the differences of two copies are found without looking at what they share. For what several
/// threads look at while one goes on changing it, and for work that has to follow what changed.
///
/// A value type. One object must not be changed while another thread uses that same object; its copies are independent.
/// Pointers and iterators into a map are valid until it is changed or destroyed. No order.
template <class Key, class Value, class Hash = std::hash<Key>>
class SharedMap {
  static constexpr std::size_t kFan = 64;  // twice, so 4096 leaves: 25 entries in each of them at 100,000

 public:
  using value_type = std::pair<Key, Value>;

  SharedMap() = default;
  SharedMap(const SharedMap& other) : root_(other.root_), size_(other.size_) { other.owner_ = next_owner(); }
  SharedMap(SharedMap&& other) noexcept
      : root_(std::exchange(other.root_, {})), size_(std::exchange(other.size_, 0)), owner_(other.owner_.load()) {
    other.owner_ = next_owner();
  }
  SharedMap& operator=(SharedMap other) noexcept {
    root_.swap(other.root_);
    std::swap(size_, other.size_);
    owner_ = other.owner_.exchange(owner_);
    return *this;
  }
  ~SharedMap() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool contains(const Key& key) const { return find(key) != nullptr; }

  /// nullptr when it is not there.
  [[nodiscard]] const Value* find(const Key& key) const {
    const auto place = Place(key);
    const auto* branch = root_[place.branch].get();
    const auto* leaf = branch ? branch->leaves[place.leaf].get() : nullptr;
    if (!leaf) return nullptr;
    const auto at = leaf->lower_bound(key);
    return at != leaf->entries.end() && at->first == key ? &at->second : nullptr;
  }
  /// Of what is known to be there.
  [[nodiscard]] const Value& at(const Key& key) const { return *find(key); }

  void set(const Key& key, Value value) {
    auto& leaf = leaf_to_change(key);
    const auto at = leaf.lower_bound(key);
    if (at != leaf.entries.end() && at->first == key) {
      leaf.entries[static_cast<std::size_t>(at - leaf.entries.begin())].second = std::move(value);
      return;
    }
    leaf.entries.emplace(at, key, std::move(value));
    ++size_;
  }
  /// False when it was not there.
  bool erase(const Key& key) {
    if (!contains(key)) return false;
    auto& leaf = leaf_to_change(key);
    leaf.entries.erase(leaf.lower_bound(key));
    --size_;
    return true;
  }

  class const_iterator;
  [[nodiscard]] const_iterator begin() const { return const_iterator(this); }
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  /// Calls `differs(key, before, after)` with pointers to both values, nullptr where one has none, for each key under
  /// which `before` and `after` do not have equal values.
  template <class Differs>
  static void compare(const SharedMap& before, const SharedMap& after, Differs&& differs) {
    for (std::size_t b = 0; b < kFan; ++b) {
      const auto* was = before.root_[b].get();
      const auto* is = after.root_[b].get();
      if (was == is) continue;
      for (std::size_t l = 0; l < kFan; ++l)
        compare_leaves(was ? was->leaves[l].get() : nullptr, is ? is->leaves[l].get() : nullptr, differs);
    }
  }
  /// Whether both are copies of one that has not been changed since; false says nothing.
  [[nodiscard]] bool shares_all_with(const SharedMap& other) const { return root_ == other.root_; }

 private:
  using Owner = std::uint64_t;
  using Entries = std::vector<value_type>;

  struct Leaf {
    Owner owner;
    Entries entries;  ///< by key
    [[nodiscard]] auto lower_bound(const Key& key) const {
      return std::ranges::lower_bound(entries, key, {},
                                      [](const value_type& entry) -> const Key& { return entry.first; });
    }
  };
  struct Branch {
    Owner owner;
    std::array<std::shared_ptr<Leaf>, kFan> leaves;
  };
  struct Place {
    explicit Place(const Key& key) {
      const auto hash = Hash()(key);
      branch = (hash ^ (hash >> 32U)) % kFan;
      leaf = ((hash >> 6U) ^ (hash >> 40U)) % kFan;
    }
    std::size_t branch;
    std::size_t leaf;
  };

  static Owner next_owner() {
    static std::atomic<Owner> last = 0;
    return ++last;
  }

  /// A part may be changed in place only while no copy can know it: while it is ours, made since we were copied last.
  template <class Part>
  Part& own(std::shared_ptr<Part>& part) {
    if (!part) {
      part = std::make_shared<Part>();
    } else if (part->owner != owner_.load(std::memory_order_relaxed)) {
      part = std::make_shared<Part>(*part);
    }
    part->owner = owner_.load(std::memory_order_relaxed);
    return *part;
  }
  Leaf& leaf_to_change(const Key& key) {
    const auto place = Place(key);
    return own(own(root_[place.branch]).leaves[place.leaf]);
  }

  template <class Differs>
  static void compare_leaves(const Leaf* before, const Leaf* after, Differs&& differs) {
    if (before == after) return;
    static const Entries kNone;
    const auto& was = before ? before->entries : kNone;
    const auto& is = after ? after->entries : kNone;
    auto a = was.begin();
    auto b = is.begin();
    while (a != was.end() || b != is.end()) {
      if (b == is.end() || (a != was.end() && a->first < b->first)) {
        differs(a->first, &a->second, static_cast<const Value*>(nullptr));
        ++a;
      } else if (a == was.end() || b->first < a->first) {
        differs(b->first, static_cast<const Value*>(nullptr), &b->second);
        ++b;
      } else {
        if (!(a->second == b->second)) differs(b->first, &a->second, &b->second);
        ++a;
        ++b;
      }
    }
  }

  std::array<std::shared_ptr<Branch>, kFan> root_;
  std::size_t size_ = 0;
  mutable std::atomic<Owner> owner_ = next_owner();  // other than that of any part that a copy may know
};

template <class Key, class Value, class Hash>
class SharedMap<Key, Value, Hash>::const_iterator {
 public:
  using value_type = SharedMap::value_type;
  using difference_type = std::ptrdiff_t;

  const_iterator() = default;
  explicit const_iterator(const SharedMap* map) : map_(map) { settle(); }
  const value_type& operator*() const { return leaf()->entries[entry_]; }
  const value_type* operator->() const { return &**this; }
  const_iterator& operator++() {
    ++entry_;
    settle();
    return *this;
  }
  const_iterator operator++(int) {
    auto before = *this;
    ++*this;
    return before;
  }
  bool operator==(const const_iterator&) const = default;
  bool operator==(std::default_sentinel_t) const { return place_ == kFan * kFan; }

 private:
  [[nodiscard]] const Leaf* leaf() const {
    const auto* branch = map_->root_[place_ / kFan].get();
    return branch ? branch->leaves[place_ % kFan].get() : nullptr;
  }
  /// On to the next entry that is there.
  void settle() {
    while (place_ < kFan * kFan) {
      const auto* here = leaf();
      if (here && entry_ < here->entries.size()) return;
      entry_ = 0;
      place_ += map_->root_[place_ / kFan] ? 1 : kFan - place_ % kFan;
    }
  }

  const SharedMap* map_ = nullptr;
  std::size_t place_ = 0;  // of the leaf: branch, then leaf
  std::size_t entry_ = 0;
};

}  // namespace flux
