#include "images/store/sqlite.h"

namespace flux::images::sqlite {
namespace {

constexpr int kStepsBetweenLooks = 10000;

tl::unexpected<Fault> fault(sqlite3* database, int code) {
  const int primary = code & 0xff;
  const char* said = database ? sqlite3_errmsg(database) : sqlite3_errstr(code);
  return tl::unexpected(Fault{said, primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB});
}

}  // namespace

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), ++bound_, value);
  return *this;
}

Statement& Statement::bind(std::string_view blob) {
  // A null pointer would be a NULL.
  const char* data = blob.empty() ? "" : blob.data();
  sqlite3_bind_blob64(statement_.get(), ++bound_, data, blob.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fault(database_, code);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)))
              : std::string_view();
}

Result<Database> Database::open(const std::filesystem::path& file) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) return fault(opened, code);
  sqlite3_extended_result_codes(opened, 1);
  return database;
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) return fault(database_.get(), code);
  return Statement(database_.get(), statement);
}

Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fault(database_.get(), code);
  return {};
}

Result<std::int64_t> Database::ask(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->integer(0) : 0;
}

void Database::obey(const Context* ctx) {
  if (!ctx) return sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr);
  const auto look = [](void* context) { return static_cast<const Context*>(context)->done() ? 1 : 0; };
  sqlite3_progress_handler(database_.get(), kStepsBetweenLooks, look, const_cast<Context*>(ctx));
}

Result<Transaction> Transaction::begin(Database& database) {
  if (auto ok = database.run("BEGIN IMMEDIATE"); !ok) return tl::unexpected(ok.error());
  return Transaction(database);
}

Transaction::~Transaction() {
  if (!database_) return;
  database_->obey(nullptr);  // nor may the way back be cut short
  database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
  if (auto ok = database_->run("COMMIT"); !ok) return ok;
  database_ = nullptr;
  return {};
}

}  // namespace flux::images::sqlite
