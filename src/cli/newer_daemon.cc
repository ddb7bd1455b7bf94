#include "cli/newer_daemon.h"

namespace flux::cli {

CommandError needs_newer_daemon(const api::CallError& error) {
  CommandError out(error);
  if (error.answered && error.error.kind == ErrorKind::missing && error.error.help.find("/v12/") != std::string::npos)
    out.error.help +=
        "\nThis command needs fluxd 2.0 or newer; the daemon that answered is an older one, such as Flux v1.";
  return out;
}

}  // namespace flux::cli
