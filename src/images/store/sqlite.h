#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/context.h"

/// As much of SQLite as the store needs.
namespace flux::images::sqlite {

/// What SQLite said, and whether it means that the file is broken.
struct Fault {
  std::string message;
  bool broken = false;
};
template <class T>
using Result = tl::expected<T, Fault>;

class Database;

/// A statement that is carried out, with its values in the order of its question marks. Not to outlive the database.
class Statement {
 public:
  Statement& bind(std::int64_t value);
  /// The bytes have to stay as they are until the statement has ended.
  Statement& bind(std::string_view blob);
  /// The next row; false when there is none left.
  Result<bool> step();
  /// To be bound and carried out anew.
  void reset();
  [[nodiscard]] std::int64_t integer(int column) const;
  /// Good until the next step.
  [[nodiscard]] std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

/// An open file. One thread at a time.
class Database {
 public:
  static Result<Database> open(const std::filesystem::path& file);

  [[nodiscard]] Result<Statement> prepare(const char* sql);
  /// Statements without values and without an answer.
  Result<void> run(const char* sql);
  /// The first column of the only row.
  Result<std::int64_t> ask(const char* sql);
  /// Statements end with a fault once `ctx` has ended; nullptr: never.
  void obey(const Context* ctx);

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  explicit Database(sqlite3* opened) : database_(opened) {}

  std::unique_ptr<sqlite3, Close> database_;
};

/// Everything until commit() becomes part of the file at once, or not at all.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;
};

}  // namespace flux::images::sqlite
