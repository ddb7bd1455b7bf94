#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/descriptor.h"
#include "base/guarded.h"
#include "images/store/sqlite.h"
#include "images/store/store.h"

namespace flux::images {

struct SqliteOptions {
  std::filesystem::path dir;                            ///< made when it is not there
  std::uint64_t most_bytes = std::uint64_t{256} << 20;  ///< least recently used records go first
  Duration kept_for = std::chrono::hours(24 * 7);       ///< records that nobody reads or writes
  std::function<Timestamp()> now = [] { return Timestamp(std::chrono::system_clock::now()); };
};

/// Keeps records in `images.db` of a directory, for one process at a time: a second one is refused. A file that is
/// broken, or of another version, is set aside under a name that the log tells, and a new one begun. One connection
/// under a mutex: a call takes milliseconds, and nothing else uses the file.
class SqliteStore : public Store {
 public:
  /// Server errors when the directory cannot be written, or another process uses it.
  static Result<std::unique_ptr<SqliteStore>> open(SqliteOptions options, Log log);

  Result<std::optional<Record>> read(const Bounded& ctx, const std::string& name) override;
  Result<void> write(const Bounded& ctx, const std::string& name, const Record& record) override;

 private:
  SqliteStore(SqliteOptions options, Log log, Descriptor lock);
  [[nodiscard]] std::filesystem::path file() const { return options_.dir / "images.db"; }
  Result<void> begin() REQUIRES(mutex_);
  sqlite::Result<bool> open_file() REQUIRES(mutex_);
  void set_aside(const char* suffix, std::string_view why) REQUIRES(mutex_);
  template <class T>
  Result<T> carry_out(const Bounded& ctx, const std::function<sqlite::Result<T>()>& act) EXCLUDES(mutex_);

  sqlite::Result<std::optional<Record>> read_record(const std::string& name) REQUIRES(mutex_);
  sqlite::Result<bool> write_pages(const std::string& name, const struct RecordPages& pages) REQUIRES(mutex_);
  sqlite::Result<bool> make_room(const std::string& name) REQUIRES(mutex_);
  sqlite::Result<bool> remove(std::int64_t id) REQUIRES(mutex_);
  [[nodiscard]] std::int64_t seconds() const;

  const SqliteOptions options_;
  const Log log_;
  const Descriptor lock_;  // of the directory, as long as we live
  Mutex mutex_;
  std::optional<sqlite::Database> database_ GUARDED_BY(mutex_);
  std::int64_t looked_at_age_ GUARDED_BY(mutex_) = 0;
};

}  // namespace flux::images
