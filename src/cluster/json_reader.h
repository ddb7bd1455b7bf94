#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flux::cluster {

/// Reads the few fields that matter out of a large JSON text, front to back, without a tree: one pass, no allocation
/// for what is skipped. Ours because that is three times as fast as the library's events alone, and five times as fast
/// as a tree of one object at a time (docs/performance.md). Every call consumes one value. A value of another type than
/// asked for is skipped and leaves the target as it was: the API server's types are known, and `null` stands for
/// absent. The text must outlive the reader. After a syntax error failed() is true and every further call does nothing.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  /// Calls `member(key)` for each member; it must consume the value with exactly one call. `key` is valid until then.
  template <class Member>
  void object(Member&& member) {
    if (!open('{')) return;
    std::string unescaped;
    for (bool first = true; !close('}', first); first = false) {
      const auto key = read_key(unescaped);
      if (failed_) return;
      member(key);
    }
  }

  /// Calls `element()` for each; it must consume the value with exactly one call.
  template <class Element>
  void array(Element&& element) {
    if (!open('[')) return;
    for (bool first = true; !close(']', first); first = false) element();
  }

  void string(std::string& to);
  void integer(std::int64_t& to);
  void boolean(bool& to);
  void skip() { raw(); }
  /// The value's text as it stands.
  std::string_view raw();

  [[nodiscard]] bool failed() const { return failed_; }
  /// Whether only white space is left.
  [[nodiscard]] bool at_end();

 private:
  [[nodiscard]] char peek();             // next byte that is not white space, 0 at the end
  bool open(char bracket);               // false, with the value skipped, when something else stands there
  bool close(char bracket, bool first);  // true at the end of the container or of sense
  std::string_view read_key(std::string& unescaped);
  std::string_view string_body();  // between the quotes, escapes as they stand
  void fail() { failed_ = true; }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

/// `text` as a JSON string, in quotes.
[[nodiscard]] std::string quote_json(std::string_view text);

}  // namespace flux::cluster
