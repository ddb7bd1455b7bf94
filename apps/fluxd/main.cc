#include "daemon/main_program.h"
#include "version/version.h"

int main(int argc, char** argv) { return flux::daemon::run_program({argv + 1, argv + argc}, flux::version()); }
