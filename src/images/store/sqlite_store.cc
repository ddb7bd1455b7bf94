#include "images/store/sqlite_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <utility>

#include "images/store/record_pages.h"

namespace flux::images {
namespace {

namespace fs = std::filesystem;

/// Of the tables below. It goes up with every change that an older or newer fluxd could not read.
constexpr int kSchema = 1;
constexpr std::int64_t kHour = 3600;

// Before the first table, or they have no effect. The lock of the directory makes the file ours alone, so that the
// write-ahead log needs no shared memory, which not every file system has.
constexpr const char* kSettings = R"(
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 1000;
  PRAGMA journal_size_limit = 16777216;
  PRAGMA cell_size_check = ON;
)";

constexpr const char* kTables = R"(
  CREATE TABLE repositories (
    id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, header BLOB NOT NULL);
  CREATE INDEX repositories_by_use ON repositories (used);
  CREATE TABLE pages (
    repository INTEGER NOT NULL, key BLOB NOT NULL, bytes BLOB NOT NULL, UNIQUE (repository, key));
)";

Result<Descriptor> lock_directory(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    return fail(ErrorKind::server, fmt::format("cannot make the directory {}: {}", dir.string(), error.message()));
  const auto file = dir / "images.lock";
  Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return fail(ErrorKind::server, fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return fail(ErrorKind::server, fmt::format("another fluxd uses the directory {}", dir.string()),
                "Give each fluxd a directory of its own with --image-cache-dir.");
  return fail(ErrorKind::server, fmt::format("cannot lock {}: {}", file.string(), std::strerror(errno)));
}

tl::unexpected<sqlite::Fault> failure(sqlite::Fault fault) { return tl::unexpected(std::move(fault)); }

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options, Log log, Descriptor lock)
    : options_(std::move(options)), log_(std::move(log)), lock_(std::move(lock)) {}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options, Log log) {
  auto lock = lock_directory(options.dir);
  if (!lock) return Failure(lock.error());
  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(options), std::move(log), std::move(*lock)));
  const MutexLock mutex(store->mutex_);
  if (auto ok = store->begin(); !ok) return Failure(ok.error());
  return store;
}

/// With the file that is there, or with a new one.
Result<void> SqliteStore::begin() {
  auto opened = open_file();
  if (opened && !*opened)
    set_aside("other-version", "it was written by another version of fluxd");
  else if (!opened && opened.error().broken)
    set_aside("broken", opened.error().message);
  if (opened ? !*opened : opened.error().broken) opened = open_file();
  if (opened && *opened) return {};
  database_.reset();
  return fail(ErrorKind::server, fmt::format("cannot use {}: {}", file().string(),
                                             opened ? "it is of another version" : opened.error().message));
}

/// False: it is of another version.
sqlite::Result<bool> SqliteStore::open_file() {
  database_.reset();
  auto opened = sqlite::Database::open(file());
  if (!opened) return failure(opened.error());
  database_.emplace(std::move(*opened));
  if (auto ok = database_->run(kSettings); !ok) return failure(ok.error());
  const auto version = database_->ask("PRAGMA user_version");
  if (!version) return failure(version.error());
  const auto tables = database_->ask("SELECT count(*) FROM sqlite_schema");
  if (!tables) return failure(tables.error());
  if (*tables > 0) return *version == kSchema;
  auto transaction = sqlite::Transaction::begin(*database_);
  if (!transaction) return failure(transaction.error());
  const auto set_version = fmt::format("PRAGMA user_version = {}", kSchema);
  for (const auto* sql : {kTables, set_version.c_str()})
    if (auto ok = database_->run(sql); !ok) return failure(ok.error());
  if (auto ok = transaction->commit(); !ok) return failure(ok.error());
  return true;
}

/// Only the last one is kept, so that it does not become a pile.
void SqliteStore::set_aside(const char* suffix, std::string_view why) {
  database_.reset();
  const fs::path aside = fmt::format("{}.{}", file().string(), suffix);
  std::error_code error;
  fs::rename(file(), aside, error);
  if (error) fs::remove(file(), error);
  // They belong to the file that is no longer there.
  for (const auto* of : {"-wal", "-journal", "-shm"}) fs::remove(file().string() + of, error);
  log_({{"warning", "the file of the image cache cannot be used; a new one is begun, and all images are scanned anew"},
        {"file", file().string()},
        {"set_aside", aside.string()},
        {"reason", why}});
}

/// When the file turns out to be broken a new one is begun, and the act carried out on that.
template <class T>
Result<T> SqliteStore::carry_out(const Bounded& ctx, const std::function<sqlite::Result<T>()>& act) {
  const MutexLock lock(mutex_);
  if (auto ok = ctx.check(); !ok) return Failure(ok.error());
  for (bool again = false;; again = true) {
    if (!database_)
      if (auto ok = begin(); !ok) return Failure(ok.error());
    database_->obey(&ctx);
    auto done = act();
    if (database_) database_->obey(nullptr);
    if (done) return std::move(*done);
    if (auto ok = ctx.check(); !ok) return Failure(ok.error());
    if (!done.error().broken || again)
      return fail(ErrorKind::server, fmt::format("{}: {}", file().string(), done.error().message),
                  "Is the disk full, or can it not be written? Scanning goes on without it.");
    set_aside("broken", done.error().message);
  }
}

Result<std::optional<Record>> SqliteStore::read(const Bounded& ctx, const std::string& name) {
  return carry_out<std::optional<Record>>(ctx, [&]() REQUIRES(mutex_) { return read_record(name); });
}

Result<void> SqliteStore::write(const Bounded& ctx, const std::string& name, const Record& record) {
  const auto pages = to_pages(name, record);
  auto written = carry_out<bool>(ctx, [&]() REQUIRES(mutex_) { return write_pages(name, pages); });
  if (!written) return Failure(written.error());
  return {};
}

sqlite::Result<std::optional<Record>> SqliteStore::read_record(const std::string& name) {
  auto found = database_->prepare("SELECT id, used, header FROM repositories WHERE name = ?");
  if (!found) return failure(found.error());
  const auto row = found->bind(name).step();
  if (!row) return failure(row.error());
  if (!*row) return std::nullopt;
  const auto id = found->integer(0);
  const auto used = found->integer(1);
  auto page = database_->prepare("SELECT bytes FROM pages WHERE repository = ? AND key = ?");
  if (!page) return failure(page.error());
  std::optional<sqlite::Fault> wrong;
  auto record = from_pages(name, found->blob(2), [&](const PageName& wanted) -> std::string_view {
    page->reset();
    const auto there = page->bind(id).bind(wanted.key).step();
    if (!there && !wrong) wrong = there.error();
    return there && *there ? page->blob(0) : std::string_view();
  });
  if (wrong) return failure(*wrong);
  if (!record) return failure({"a record cannot be read", true});
  if (seconds() - used > kHour) {
    auto use = database_->prepare("UPDATE repositories SET used = ? WHERE id = ?");
    if (use) use->bind(seconds()).bind(id).step();  // that it was used is no reason to give nothing
  }
  return record;
}

/// Only what has changed.
sqlite::Result<bool> SqliteStore::write_pages(const std::string& name, const RecordPages& pages) {
  auto transaction = sqlite::Transaction::begin(*database_);
  if (!transaction) return failure(transaction.error());
  std::map<std::string, std::uint64_t> before;
  {
    auto found = database_->prepare("SELECT header FROM repositories WHERE name = ?");
    if (!found) return failure(found.error());
    const auto row = found->bind(name).step();
    if (!row) return failure(row.error());
    if (*row)
      for (auto& [key, sum] : page_names(found->blob(0)).value_or(std::vector<PageName>())) before.emplace(key, sum);
  }
  auto head = database_->prepare(
      "INSERT INTO repositories (name, used, header) VALUES (?, ?, ?) "
      "ON CONFLICT (name) DO UPDATE SET used = excluded.used, header = excluded.header RETURNING id");
  if (!head) return failure(head.error());
  const auto row = head->bind(name).bind(seconds()).bind(pages.header).step();
  if (!row) return failure(row.error());
  const auto id = head->integer(0);
  if (auto done = head->step(); !done) return done;

  auto put = database_->prepare("INSERT OR REPLACE INTO pages (repository, key, bytes) VALUES (?, ?, ?)");
  if (!put) return failure(put.error());
  for (const auto& page : pages.pages) {
    const auto known = before.find(page.name.key);
    const bool same = known != before.end() && known->second == page.name.sum;
    if (known != before.end()) before.erase(known);
    if (same) continue;
    put->reset();
    if (auto done = put->bind(id).bind(page.name.key).bind(page.bytes).step(); !done) return done;
  }
  auto drop = database_->prepare("DELETE FROM pages WHERE repository = ? AND key = ?");
  if (!drop) return failure(drop.error());
  for (const auto& [key, sum] : before) {
    drop->reset();
    if (auto done = drop->bind(id).bind(key).step(); !done) return done;
  }
  put->reset();
  drop->reset();
  if (auto done = make_room(name); !done) return done;
  if (auto ok = transaction->commit(); !ok) return failure(ok.error());
  if (auto ok = database_->run("PRAGMA incremental_vacuum(1000)"); !ok) return failure(ok.error());
  return true;
}

/// `name` is left alone.
sqlite::Result<bool> SqliteStore::make_room(const std::string& name) {
  const auto page_size = database_->ask("PRAGMA page_size");
  if (!page_size) return failure(page_size.error());
  const bool look_at_age = seconds() - looked_at_age_ > kHour;
  const auto oldest = seconds() - std::chrono::duration_cast<std::chrono::seconds>(options_.kept_for).count();
  for (;;) {
    const auto pages = database_->ask("PRAGMA page_count");
    if (!pages) return failure(pages.error());
    const auto free = database_->ask("PRAGMA freelist_count");
    if (!free) return failure(free.error());
    const bool full = static_cast<std::uint64_t>((*pages - *free) * *page_size) > options_.most_bytes;
    if (!full && !look_at_age) return true;
    auto least = database_->prepare("SELECT id, used FROM repositories WHERE name <> ? ORDER BY used LIMIT 1");
    if (!least) return failure(least.error());
    const auto row = least->bind(name).step();
    if (!row) return failure(row.error());
    if (!*row || (!full && least->integer(1) >= oldest)) break;
    const auto id = least->integer(0);
    least->reset();
    if (auto done = remove(id); !done) return done;
  }
  looked_at_age_ = seconds();
  return true;
}

sqlite::Result<bool> SqliteStore::remove(std::int64_t id) {
  for (const auto* sql : {"DELETE FROM pages WHERE repository = ?", "DELETE FROM repositories WHERE id = ?"}) {
    auto statement = database_->prepare(sql);
    if (!statement) return failure(statement.error());
    if (auto done = statement->bind(id).step(); !done) return done;
  }
  return true;
}

std::int64_t SqliteStore::seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(options_.now().time_since_epoch()).count();
}

}  // namespace flux::images
