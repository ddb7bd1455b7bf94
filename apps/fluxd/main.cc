#include "daemon/main_program.h"

int main(int argc, char** argv) { return flux::daemon::run_program({argv + 1, argv + argc}, FLUX_VERSION); }
