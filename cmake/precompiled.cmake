# Two ways to compile less, which make a third of a build of it (docs/development.md): headers that nearly every source
# includes are compiled once for all targets, and sources several at a time. Off in the dev preset, where every source has
# to include what it uses.
option(FLUX_SHARE_WORK "precompiled headers, and several sources in one go" ON)
set(FLUX_TOGETHER 8 CACHE STRING "how many sources are compiled in one go; 0: all of a target")

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

# flux_compile_together(TARGET)   so what is private to a source has a name of its own in its module, and a test keeps its
# helpers in a namespace named after the file.
function(flux_compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${FLUX_SHARE_WORK} UNITY_BUILD_BATCH_SIZE ${FLUX_TOGETHER})
endfunction()

flux_precompiled(flux_precompiled_product product.h
  fmt::fmt Threads::Threads nlohmann_json::nlohmann_json)
flux_precompiled(flux_precompiled_test test.h
  fmt::fmt Threads::Threads nlohmann_json::nlohmann_json GTest::gmock)
target_compile_options(flux_precompiled_test PRIVATE ${FLUX_TEST_OPTIONS})
