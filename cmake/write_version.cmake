# cmake -D SOURCE=DIR -D VERSION=X.Y.Z -D TO=FILE.cc -P write_version.cmake
#
# Writes the source that defines flux::version(), and only when that changes: at every build, so that the version follows
# HEAD without a new configuration, and costs one small source when it does.
#   X.Y.Z                        a clean checkout of the tag vX.Y.Z, or its archive
#   X.Y.Z-dev+3f2a9c1            another commit; with -dirty when tracked files differ from it
#   X.Y.Z-dev                    no git, and no archive that git made
cmake_minimum_required(VERSION 3.25)

set(commit "")
set(tags "")
if(EXISTS ${SOURCE}/.git)
  foreach(name GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE) # set in a hook
    unset(ENV{${name}})
  endforeach()
  set(ENV{GIT_OPTIONAL_LOCKS} 0) # a build must not be in the way of a commit
  execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=7 --exclude=*
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND git -C ${SOURCE} tag --points-at HEAD
    OUTPUT_VARIABLE tags OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  string(REPLACE "\n" ";" tags "${tags}")
else()
  # "3f2a9c1 (HEAD -> main, tag: v2.0.0)", which `git archive` has put there (.gitattributes).
  file(READ ${SOURCE}/cmake/archived_commit.txt archived)
  if(archived MATCHES "^([0-9a-f]+) ")
    set(commit ${CMAKE_MATCH_1})
    string(REGEX MATCHALL "tag: [^,)]+" tags "${archived}")
    list(TRANSFORM tags REPLACE "^tag: " "")
  endif()
endif()

if("v${VERSION}" IN_LIST tags AND NOT commit MATCHES "-dirty$")
  set(text "${VERSION}")
elseif(commit)
  set(text "${VERSION}-dev+${commit}")
else()
  set(text "${VERSION}-dev")
endif()

set(source "#include \"version/version.h\"\n\nconst char* flux::version() { return \"${text}\"; }\n")
set(before "")
if(EXISTS ${TO})
  file(READ ${TO} before)
endif()
if(NOT before STREQUAL source)
  file(WRITE ${TO} "${source}")
endif()
