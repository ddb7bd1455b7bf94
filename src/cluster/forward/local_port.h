#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace flux::cluster {

/// A connection from a program of this machine. One thread may write and another read.
class LocalConnection {
 public:
  explicit LocalConnection(Descriptor socket) : socket_(std::move(socket)) {}

  Result<void> write(const Context& ctx, std::string_view bytes);
  /// Appends at least one byte; false at the end.
  Result<bool> read(const Context& ctx, std::string& to);
  void finish();  ///< nothing more will be written
  void reset();   ///< closes so that the program sees a failure, not an end

 private:
  Descriptor socket_;
};

/// A free port of 127.0.0.1.
class LocalPort {
 public:
  static Result<LocalPort> listen();
  Result<LocalConnection> accept(const Context& ctx);
  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  LocalPort(Descriptor socket, std::uint16_t number) : socket_(std::move(socket)), number_(number) {}
  Descriptor socket_;
  std::uint16_t number_;
};

}  // namespace flux::cluster
