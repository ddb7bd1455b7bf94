#include "cli/main_program.h"
#include "version/version.h"

int main(int argc, char** argv) { return flux::cli::run_program({argv + 1, argv + argc}, flux::version()); }
