# Everything that `ctest -L unit` runs, and nothing else.
add_custom_target(unit_tests)

# flux_module(NAME [DEPENDS module|library ...] [TEST_DEPENDS library ...])
#   The folder of the caller becomes the library flux_NAME; its *_test.cc become the program NAME_test. What lies in its
#   folder testing becomes flux_NAME_testing, for the tests of others to link.
#   A new file needs no edit here. FLUX_TESTDATA is the path of the folder testdata, where there is one.
function(flux_module name)
  cmake_parse_arguments(arg "" "" "DEPENDS;TEST_DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(helpers ${sources})
  list(FILTER sources EXCLUDE REGEX "/testing/[^/]*$")
  list(FILTER helpers INCLUDE REGEX "/testing/[^/]*$")

  if(sources)
    add_library(flux_${name} STATIC ${sources})
    set(visibility PUBLIC)
    flux_use_precompiled(flux_${name} flux_precompiled_product)
    flux_compile_together(flux_${name})
  else()
    add_library(flux_${name} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(flux_${name} ${visibility} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(flux_${name} ${visibility} ${arg_DEPENDS})

  if(helpers)
    add_library(flux_${name}_testing STATIC ${helpers})
    flux_use_precompiled(flux_${name}_testing flux_precompiled_product)
    target_link_libraries(flux_${name}_testing PUBLIC flux_${name})
    list(APPEND arg_TEST_DEPENDS flux_${name}_testing)
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE flux_${name} ${arg_TEST_DEPENDS} GTest::gmock GTest::gtest_main)
    target_compile_options(${name}_test PRIVATE ${FLUX_TEST_OPTIONS})
    flux_use_precompiled(${name}_test flux_precompiled_test)
    flux_compile_together(${name}_test)
    add_dependencies(unit_tests ${name}_test)
    if(IS_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/testdata)
      target_compile_definitions(${name}_test PRIVATE FLUX_TESTDATA="${CMAKE_CURRENT_SOURCE_DIR}/testdata")
    endif()
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
      NO_PRETTY_VALUES PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endfunction()

# flux_program(NAME DEPENDS module ...)   one executable out of the caller's folder.
function(flux_program name)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/main.cc)
  target_link_libraries(${name} PRIVATE ${arg_DEPENDS} flux_version)
endfunction()
