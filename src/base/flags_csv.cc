#include "base/flags_csv.h"

#include <fmt/format.h>

namespace flux {
namespace {

/// Reads one record. Line and column are counted in bytes from 1, for messages.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Result<std::vector<std::string>> record() {
    do {
      if (!next_line()) return fail(ErrorKind::user, "EOF", std::string(kHelp));
    } while (line_.empty());
    start_line_ = line_number_;
    while (true) {
      auto more = line_.substr(at_).starts_with('"') ? quoted_field() : plain_field();
      if (!more) return Failure(more.error());
      if (!*more) return std::move(fields_);
    }
  }

 private:
  static constexpr std::string_view kHelp =
      "Separate the values by commas; one that holds a comma or a quote goes in double quotes, with quotes doubled.";

  /// False at the end. The line comes without its LF or CRLF, and without a CR at the very end.
  bool next_line() {
    if (rest_.empty()) return false;
    const auto end = rest_.find('\n');
    ended_by_lf_ = end != std::string_view::npos;
    line_ = rest_.substr(0, end);
    rest_.remove_prefix(ended_by_lf_ ? end + 1 : rest_.size());
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    ++line_number_;
    at_ = 0;
    return true;
  }

  /// Whether another field follows.
  Result<bool> plain_field() {
    const auto comma = line_.find(',', at_);
    const auto field = line_.substr(at_, comma == std::string_view::npos ? comma : comma - at_);
    if (const auto bare = field.find('"'); bare != std::string_view::npos)
      return malformed(at_ + bare, "bare \" in non-quoted-field");
    fields_.emplace_back(field);
    at_ = comma + 1;
    return comma != std::string_view::npos;
  }

  Result<bool> quoted_field() {
    std::string field;
    ++at_;
    while (true) {
      const auto quote = line_.find('"', at_);
      if (quote == std::string_view::npos) {
        field += line_.substr(at_);
        const auto end = line_.size() + (ended_by_lf_ ? 1 : 0);
        if (ended_by_lf_) field += '\n';
        if (!next_line()) return malformed(end, kStrayQuote);
        continue;
      }
      field += line_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ == line_.size() || line_[at_] == ',') {
        fields_.push_back(std::move(field));
        return at_++ != line_.size();
      }
      if (line_[at_] != '"') return malformed(quote, kStrayQuote);
      field += '"';
      ++at_;
    }
  }

  [[nodiscard]] Failure malformed(std::size_t at, std::string_view what) const {
    auto where = fmt::format("parse error on line {}, column {}", line_number_, at + 1);
    if (start_line_ != line_number_) where = fmt::format("record on line {}; {}", start_line_, where);
    return fail(ErrorKind::user, fmt::format("{}: {}", where, what), std::string(kHelp));
  }

  static constexpr std::string_view kStrayQuote = "extraneous or missing \" in quoted-field";

  std::string_view rest_;
  std::string_view line_;
  std::size_t at_ = 0;
  bool ended_by_lf_ = false;
  int line_number_ = 0;
  int start_line_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace

Result<std::vector<std::string>> parse_csv_record(std::string_view text) {
  if (text.empty()) return std::vector<std::string>{};
  return Reader(text).record();
}

}  // namespace flux
