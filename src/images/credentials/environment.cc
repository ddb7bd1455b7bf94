#include "images/credentials/environment.h"

#include <cstdlib>

namespace flux::images {

Environment process_environment() {
  return [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value ? value : "");
  };
}

}  // namespace flux::images
