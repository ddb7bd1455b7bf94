#include "sandbox/command.h"
#include "version/version.h"

int main(int argc, char** argv) { return flux::sandbox::run_command({argv + 1, argv + argc}, flux::version()); }
