# How every target is compiled: C++20, warnings as errors, sanitizers by preset, ccache and mold where present.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(FLUX_SANITIZE "" CACHE STRING "comma-separated sanitizers: address,undefined or thread")
option(FLUX_SCENARIOS "register the scenarios that run the real programs" ON)
option(FLUX_BENCH "build the benchmarks" OFF)
option(FLUX_FUZZ "build the fuzz targets; needs clang" OFF)

# -O3 makes nothing measurably faster here, and takes longer to compile.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# Tests need no speed.
set(FLUX_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
add_compile_options(-fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these inside its own and other libraries' inlined code, where there is nothing to mend.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endif()
if(FLUX_SANITIZE)
  # -g1: lines for the reports' stacks; full debug information costs a fifth of the build. -O0 stays: with sanitizers
  # -O1 takes 1.7 times as long, -Og 1.1 times (docs/development.md).
  add_compile_options(-fsanitize=${FLUX_SANITIZE} -fno-sanitize-recover=all -g1)
  if(FLUX_SANITIZE MATCHES "undefined" AND NOT FLUX_FUZZ)
    # A fifth of the compile time; a null pointer that is used ends the test all the same.
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
  add_link_options(-fsanitize=${FLUX_SANITIZE})
  if(FLUX_SANITIZE STREQUAL "thread")
    # It does not understand fences, and the locks beside Asio's suffice.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

find_program(FLUX_CCACHE ccache)
if(FLUX_CCACHE)
  # What ccache asks for before it caches sources with a precompiled header.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${FLUX_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  add_compile_options($<$<AND:$<COMPILE_LANGUAGE:CXX>,$<CXX_COMPILER_ID:GNU>>:-fpch-preprocess>)
endif()
find_program(FLUX_MOLD mold)
if(FLUX_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(PROMETHEUS REQUIRED IMPORTED_TARGET prometheus-cpp-core)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MEMCACHED REQUIRED IMPORTED_TARGET libmemcached)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
# Its -pthread defines _REENTRANT, with which no precompiled header can be read; Threads::Threads is linked anyhow.
set_target_properties(PkgConfig::RE2 PROPERTIES INTERFACE_COMPILE_OPTIONS "")
include(GoogleTest)
