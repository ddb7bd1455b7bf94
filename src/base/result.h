#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace flux {

/// The classes of the API's errors (compat/api.md 2.1), and `cancelled` for a stop or a deadline.
enum class ErrorKind { user, missing, server, cancelled };

/// What happened and where (`message`), and what the user can do about it (`help`, may be empty).
/// Never holds a secret: whoever makes the message scrubs what it quotes.
struct Error {
  ErrorKind kind = ErrorKind::server;
  std::string message;
  std::string help;
};

template <class T>
using Result = tl::expected<T, Error>;

using Failure = tl::unexpected<Error>;

/// `return fail(ErrorKind::user, "...")` in a function that returns Result.
inline Failure fail(ErrorKind kind, std::string message, std::string help = {}) {
  return Failure(Error{kind, std::move(message), std::move(help)});
}

/// The same error with `context: ` before its message; kind and help stay.
inline Failure wrap(Error error, std::string_view context) {
  error.message.insert(0, std::string(context) + ": ");
  return Failure(std::move(error));
}

}  // namespace flux
