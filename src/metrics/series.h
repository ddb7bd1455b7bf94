#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/duration.h"

namespace flux::metrics {

/// The `success` label.
inline std::string success_label(bool success) { return success ? "true" : "false"; }

/// A metric whose label names are fixed by its declaration and whose series appear with their first value. Label values
/// are given in the order of the names. Cheap to copy; lives as long as the registry. Any thread.
template <std::size_t kLabels>
class Labelled {
 protected:
  using Names = std::array<std::string_view, kLabels>;
  explicit Labelled(Names names) : names_(names) {}

  template <class... Values>
  prometheus::Labels labels(const Values&... values) const {
    static_assert(sizeof...(Values) == kLabels, "one value for each label");
    prometheus::Labels out;
    [[maybe_unused]] std::size_t next = 0;
    (out.emplace(names_[next++], text(values)), ...);
    return out;
  }

 private:
  template <class Value>
  static std::string text(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>)
      return success_label(value);
    else
      return std::string(value);
  }

  Names names_;
};

/// What a metric is called and what it tells.
struct Description {
  std::string_view name;
  std::string_view help;
};

template <std::size_t kLabels>
class Gauge : Labelled<kLabels> {
 public:
  Gauge(prometheus::Registry& registry, Description of, typename Labelled<kLabels>::Names names = {})
      : Labelled<kLabels>(names),
        family_(&prometheus::BuildGauge().Name(std::string(of.name)).Help(std::string(of.help)).Register(registry)) {}

  /// `set(value, label values...)`; a bool label value is written `true` or `false`.
  template <class... Values>
  void set(double value, const Values&... values) const {
    family_->Add(this->labels(values...)).Set(value);
  }

 private:
  prometheus::Family<prometheus::Gauge>* family_;
};

template <std::size_t kLabels>
class Counter : Labelled<kLabels> {
 public:
  Counter(prometheus::Registry& registry, Description of, typename Labelled<kLabels>::Names names = {})
      : Labelled<kLabels>(names),
        family_(&prometheus::BuildCounter().Name(std::string(of.name)).Help(std::string(of.help)).Register(registry)) {}

  template <class... Values>
  void add(double count, const Values&... values) const {
    family_->Add(this->labels(values...)).Increment(count);
  }

 private:
  prometheus::Family<prometheus::Counter>* family_;
};

template <std::size_t kLabels>
class Histogram : Labelled<kLabels> {
 public:
  using Buckets = prometheus::Histogram::BucketBoundaries;

  Histogram(prometheus::Registry& registry, Description of, Buckets buckets,
            typename Labelled<kLabels>::Names names = {})
      : Labelled<kLabels>(names),
        buckets_(std::move(buckets)),
        family_(
            &prometheus::BuildHistogram().Name(std::string(of.name)).Help(std::string(of.help)).Register(registry)) {}

  template <class... Values>
  void observe(Duration took, const Values&... values) const {
    family_->Add(this->labels(values...), buckets_).Observe(std::chrono::duration<double>(took).count());
  }

 private:
  Buckets buckets_;
  prometheus::Family<prometheus::Histogram>* family_;
};

}  // namespace flux::metrics
