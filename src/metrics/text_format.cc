#include "metrics/text_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace flux::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string escape(std::string_view text, bool in_quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && in_quotes)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

/// `{a="1",b="2"}`, with `extra` (already `name="value"`) at the end; nothing when there is no label.
std::string label_text(const ClientMetric& metric, std::string_view extra = {}) {
  std::string text;
  for (const auto& label : metric.label)
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", label.name, escape(label.value, true));
  if (!extra.empty()) text += fmt::format("{}{}", text.empty() ? "" : ",", extra);
  return text.empty() ? text : "{" + text + "}";
}

void add_line(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out += fmt::format("{}{} {}\n", name, labels, value);
}

void add_histogram(std::string& out, const std::string& name, const ClientMetric& metric) {
  const auto& histogram = metric.histogram;
  bool has_infinity = false;
  const auto add_bucket = [&](double bound, std::uint64_t count) {
    add_line(out, name + "_bucket", label_text(metric, fmt::format("le=\"{}\"", number_text(bound))),
             std::to_string(count));
  };
  for (const auto& bucket : histogram.bucket) {
    add_bucket(bucket.upper_bound, bucket.cumulative_count);
    has_infinity = std::isinf(bucket.upper_bound);
  }
  if (!has_infinity) add_bucket(std::numeric_limits<double>::infinity(), histogram.sample_count);
  add_line(out, name + "_sum", label_text(metric), number_text(histogram.sample_sum));
  add_line(out, name + "_count", label_text(metric), std::to_string(histogram.sample_count));
}

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "untyped";
  }
}

void add_family(std::string& out, const MetricFamily& family) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", family.name, escape(family.help, false), family.name,
                     type_name(family.type));
  for (const auto& metric : family.metric) {
    if (family.type == MetricType::Histogram)
      add_histogram(out, family.name, metric);
    else
      add_line(out, family.name, label_text(metric),
               number_text(family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value));
  }
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 400> buffer;
  const auto print = [&](std::chars_format format) {
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
    return std::string_view(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  };
  const auto scientific = print(std::chars_format::scientific);
  const auto mark = scientific.find('e');
  const int exponent = std::stoi(std::string(scientific.substr(mark + 1)));
  // Where Go's %g switches to the exponent.
  if (exponent < -4 || exponent >= 6) return std::string(scientific);
  return std::string(print(std::chars_format::fixed));
}

std::string to_text(std::vector<MetricFamily> families) {
  std::ranges::sort(families, {}, &MetricFamily::name);
  std::string out;
  for (auto& family : families) {
    if (family.metric.empty()) continue;
    std::ranges::sort(family.metric, {}, [](const ClientMetric& metric) { return label_text(metric); });
    add_family(out, family);
  }
  return out;
}

}  // namespace flux::metrics
