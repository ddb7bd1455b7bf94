# Two ways to compile less, which halve a build (docs/development.md): headers that nearly every source includes are
# compiled once for all targets, and tests several files at a time. Off in the dev preset, where every source has to
# include what it uses.
option(FLUX_SHARE_WORK "precompiled headers, and several tests in one go" ON)

# flux_precompiled(NAME HEADER [LIBRARY ...])   makes a target whose precompiled header others use by REUSE_FROM.
function(flux_precompiled name header)
  add_library(${name} STATIC ${PROJECT_SOURCE_DIR}/cmake/precompiled/empty.cc)
  target_link_libraries(${name} PUBLIC ${ARGN})
  if(FLUX_SHARE_WORK)
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled/${header})
  endif()
endfunction()

# flux_use_precompiled(TARGET PRECOMPILED)
function(flux_use_precompiled target precompiled)
  if(FLUX_SHARE_WORK)
    target_precompile_headers(${target} REUSE_FROM ${precompiled})
  endif()
endfunction()

flux_precompiled(flux_precompiled_product product.h
  fmt::fmt Threads::Threads nlohmann_json::nlohmann_json)
flux_precompiled(flux_precompiled_test test.h
  fmt::fmt Threads::Threads nlohmann_json::nlohmann_json GTest::gmock)
target_compile_options(flux_precompiled_test PRIVATE ${FLUX_TEST_OPTIONS})
