#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.h"

namespace flux::images {

/// Puts values behind each other.
class ByteWriter {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void fixed(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void text(std::string_view text) {
    number(text.size());
    out_.append(text);
  }
  void time(Timestamp time) { fixed(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  /// The usual form, `sha256:` and 64 digits, takes half of its length.
  void digest(std::string_view digest);

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// Takes them out again. What goes beyond the end gives zero, and ok() is false from then on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::uint64_t number();
  std::uint64_t fixed();
  std::string_view text() { return take(number()); }
  Timestamp time() { return Timestamp(std::chrono::nanoseconds(static_cast<std::int64_t>(fixed()))); }
  std::string digest();

  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view take(std::uint64_t count);

  std::string_view left_;
  bool ok_ = true;
};

/// FNV-1a.
[[nodiscard]] std::uint64_t sum_of(std::string_view bytes);

}  // namespace flux::images
