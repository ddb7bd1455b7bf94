#pragma once

#include <initializer_list>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace flux {

/// One key with its value. nullptr prints as a bare `null` (no value, no error); a Secret cannot be passed. An Error
/// prints as its message and, when it says what to do, as a second field `help`.
struct LogField {
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string>;

  LogField(std::string_view name, std::nullptr_t) : key(name) {}
  LogField(std::string_view name, std::string text) : key(name), value(std::move(text)) {}
  LogField(std::string_view name, std::string_view text) : key(name), value(std::string(text)) {}
  LogField(std::string_view name, const char* text) : key(name), value(std::string(text)) {}
  LogField(std::string_view name, const Error& error) : key(name), value(error.message), help(error.help) {}
  LogField(std::string_view name, bool flag) : key(name), value(flag) {}
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  LogField(std::string_view name, T number) : key(name), value(static_cast<std::int64_t>(number)) {}
  LogField(std::string_view name, double number) : key(name), value(number) {}
  LogField(std::string_view, const Secret&) = delete;

  std::string key;
  Value value = nullptr;
  std::string help;
};

enum class LogFormat { logfmt, json };

/// Where finished lines go, without their newline. Called from any thread, one call at a time.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(std::string_view line) = 0;
};

/// Lines on standard error, each with one write.
std::shared_ptr<LogSink> stderr_sink();

/// A structured logger: `log({{"info", "trying to sync"}, {"new", revision}})`. Every record starts with `ts` (UTC,
/// RFC 3339) and `caller`, then the fields given to with(), then the record's own (compat/daemon.md 1.6).
/// A value type: copies are cheap and share the sink. Any thread. A default-made Log writes nothing.
class Log {
 public:
  Log() = default;
  Log(std::shared_ptr<LogSink> sink, LogFormat format);

  /// The same log with these fields in every record.
  [[nodiscard]] Log with(std::initializer_list<LogField> fields) const;

  void operator()(std::initializer_list<LogField> fields,
                  std::source_location where = std::source_location::current()) const;

 private:
  struct Output;
  std::shared_ptr<Output> output_;
  std::vector<LogField> context_;
};

/// A record as one line, without `ts`: for the log and its tests.
[[nodiscard]] std::string format_logfmt(const std::vector<LogField>& fields);
[[nodiscard]] std::string format_json(const std::vector<LogField>& fields);

}  // namespace flux
