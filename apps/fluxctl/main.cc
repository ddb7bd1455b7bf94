#include "cli/program.h"

int main(int argc, char** argv) { return flux::cli::run_program({argv + 1, argv + argc}, FLUX_VERSION); }
