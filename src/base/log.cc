#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <span>

#include "base/guarded.h"
#include "base/json.h"
#include "base/timestamp.h"
#include "base/utf8.h"

namespace flux {
namespace {

void append(std::vector<LogField>& record, std::span<const LogField> fields) {
  for (const auto& field : fields) {
    record.push_back(field);
    if (!field.help.empty()) record.emplace_back("help", field.help);
  }
}

bool needs_quotes(std::string_view text) {
  if (text == "null" || !is_utf8(text)) return true;
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '=' || c == '"' || c == '\x7f'; });
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : replace_invalid_utf8(text)) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  }
  return out + '"';
}

struct AsText {
  std::string operator()(std::nullptr_t) const { return "null"; }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(const std::string& text) const { return needs_quotes(text) ? in_quotes(text) : text; }
};

struct AsJson {
  SortedJson operator()(const std::string& text) const { return replace_invalid_utf8(text); }
  SortedJson operator()(const auto& value) const { return value; }
};

class StderrSink : public LogSink {
 public:
  void write(std::string_view line) override {
    const auto text = std::string(line) + '\n';
    // A log that cannot be written has nobody to tell.
    [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, text.data(), text.size());
  }
};

}  // namespace

struct Log::Output {
  Mutex mutex;
  std::shared_ptr<LogSink> sink GUARDED_BY(mutex);
  LogFormat format;
};

std::string format_logfmt(const std::vector<LogField>& fields) {
  std::string line;
  for (const auto& field : fields)
    line += (line.empty() ? "" : " ") + field.key + "=" + std::visit(AsText{}, field.value);
  return line;
}

std::string format_json(const std::vector<LogField>& fields) {
  auto object = SortedJson::object();
  for (const auto& field : fields) object[field.key] = std::visit(AsJson{}, field.value);
  return dump_json(object);
}

std::shared_ptr<LogSink> stderr_sink() { return std::make_shared<StderrSink>(); }

Log::Log(std::shared_ptr<LogSink> sink, LogFormat format) : output_(std::make_shared<Output>()) {
  output_->sink = std::move(sink);
  output_->format = format;
}

Log Log::with(std::initializer_list<LogField> fields) const {
  Log log = *this;
  log.context_.insert(log.context_.end(), fields);
  return log;
}

void Log::operator()(std::initializer_list<LogField> fields, std::source_location where) const {
  if (!output_) return;
  std::string_view file = where.file_name();
  file.remove_prefix(file.rfind('/') + 1);
  std::vector<LogField> record{{"ts", format_timestamp(std::chrono::system_clock::now())},
                               {"caller", fmt::format("{}:{}", file, where.line())}};
  append(record, context_);
  append(record, fields);
  const auto line = output_->format == LogFormat::json ? format_json(record) : format_logfmt(record);
  const MutexLock lock(output_->mutex);
  output_->sink->write(line);
}

}  // namespace flux
