# What running needs, and nothing else: scripts/run builds it.
add_custom_target(run)
# What the tests with the label unit need.
add_custom_target(unit_tests)

# One folder, one target. patella_library(session SOURCES a.cpp LINKS base sdk) makes the static library
# patella_session whose headers are included as "session/NAME.hpp" by the targets that link it, and by no others:
# a folder that is not linked cannot be included.

add_library(patella_flags INTERFACE)
target_compile_options(patella_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wconversion -Wold-style-cast -Wnon-virtual-dtor>
  -ffp-contract=off)
# gcc 12 sees overlaps in string additions that are none (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(patella_flags INTERFACE -Wno-restrict)
endif()
if(PATELLA_WERROR)
  target_compile_options(patella_flags INTERFACE -Werror)
endif()
if(PATELLA_SANITIZE)
  target_compile_options(patella_flags INTERFACE -fsanitize=${PATELLA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(patella_flags INTERFACE -fsanitize=${PATELLA_SANITIZE})
endif()

# The distribution's hardening (what dpkg-buildflags asks for on Debian 13, on both releases alike). Not with sanitizers,
# which bring checks of their own and clash with these. Plugins get them, too: a plugin is what reads what devices send.
if(PATELLA_HARDEN AND NOT PATELLA_SANITIZE)
  target_compile_options(patella_flags INTERFACE
    -Wformat -Werror=format-security -fstack-protector-strong -fstack-clash-protection)
  # _FORTIFY_SOURCE needs optimization; it checks nothing without, and warns.
  target_compile_options(patella_flags INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    target_compile_options(patella_flags INTERFACE -fcf-protection)
  endif()
  target_link_options(patella_flags INTERFACE LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()

# Makes "<name>/header.hpp" reachable for those who link the target, through one link in the build tree.
function(patella_expose target name)
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)
  target_include_directories(${target} PUBLIC ${root})
endfunction()

# A name of ours ("session") or a full target name (a library of the system).
function(patella_resolve out)
  set(resolved)
  foreach(name IN LISTS ARGN)
    if(TARGET patella_${name})
      list(APPEND resolved patella_${name})
    else()
      list(APPEND resolved ${name})
    endif()
  endforeach()
  set(${out} ${resolved} PARENT_SCOPE)
endfunction()

# PUBLIC_LINKS: what the headers of the folder need. LINKS: what its sources need.
function(patella_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PUBLIC_LINKS" ${ARGN})
  add_library(patella_${name} STATIC ${arg_SOURCES})
  patella_expose(patella_${name} ${name})
  patella_resolve(links ${arg_LINKS})
  patella_resolve(public_links ${arg_PUBLIC_LINKS})
  target_link_libraries(patella_${name} PUBLIC ${public_links} PRIVATE ${links} patella_flags)
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/../plugins/sdk/cmake/patella-plugin-catalogues.cmake)

# The pseudo-language of a plugin and of what is linked into it, for tests: every text that the sources mark.
function(patella_plugin_pseudo_language out)
  set(collect ${CMAKE_SOURCE_DIR}/plugins/sdk/patella-plugin-texts)
  set(pseudo ${CMAKE_SOURCE_DIR}/kiosk/text/pseudo_language.py)
  set(parts)
  foreach(folder IN LISTS ARGN)
    file(GLOB more CONFIGURE_DEPENDS ${folder}/*.[ch]pp)
    list(APPEND parts ${more})
  endforeach()
  find_package(Python3 COMPONENTS Interpreter REQUIRED)
  add_custom_command(OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/qps.po
    COMMAND ${collect} --template ${ARGN} > ${CMAKE_CURRENT_BINARY_DIR}/texts.pot
    COMMAND ${Python3_EXECUTABLE} ${pseudo} ${CMAKE_CURRENT_BINARY_DIR}/texts.pot ${CMAKE_CURRENT_BINARY_DIR}/qps.po
    DEPENDS ${parts} ${collect} ${pseudo})
  set(${out} ${CMAKE_CURRENT_BINARY_DIR}/qps.po PARENT_SCOPE)
endfunction()

# A plugin: build/plugins/<name>/<name>.so with its plugin.toml and catalogues beside it. KITS: folders of ours whose texts it says.
function(patella_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;KITS" ${ARGN})
  add_library(plugin_${name} MODULE ${arg_SOURCES})
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins/${name})
  target_link_libraries(plugin_${name} PRIVATE patella_sdk patella_flags)
  target_link_options(plugin_${name} PRIVATE LINKER:--version-script=${CMAKE_SOURCE_DIR}/plugins/sdk/plugin.map)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/plugin.toml ${CMAKE_BINARY_DIR}/plugins/${name}/plugin.toml COPYONLY)
  add_dependencies(run plugin_${name})
  list(TRANSFORM arg_KITS PREPEND ${CMAKE_SOURCE_DIR}/)
  set(pseudo)
  if(PATELLA_TESTS)
    patella_plugin_pseudo_language(pseudo ${CMAKE_CURRENT_SOURCE_DIR} ${arg_KITS})
  endif()
  patella_plugin_catalogues(plugin_${name} ${name} ${CMAKE_BINARY_DIR}/plugins/${name}
    ${CMAKE_INSTALL_LIBDIR}/patella/plugins/${name} KITS ${arg_KITS} GENERATED ${pseudo})
  install(TARGETS plugin_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/patella/plugins/${name})
  install(FILES plugin.toml DESTINATION ${CMAKE_INSTALL_LIBDIR}/patella/plugins/${name})
endfunction()

# A Catch2 program run by ctest as one test named <name>; found under build/tests. LABEL groups (unit, slow, …). COST: seconds it takes.
# PARTS: tags of cases that take long; those of each are a test of their own, <name>_<tag>, and all others are <name>. ELSEWHERE: tags of
# cases that the caller makes tests of.
function(patella_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT;COST" "SOURCES;LINKS;ARGS;PARTS;ELSEWHERE" ${ARGN})
  if(NOT PATELLA_TESTS)
    return()
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(test_${name} ${arg_SOURCES})
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests UNITY_BUILD OFF)
  patella_resolve(links ${arg_LINKS})
  target_link_libraries(test_${name} PRIVATE ${links} patella_flags Catch2::Catch2WithMain)
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/include)
  target_compile_definitions(test_${name} PRIVATE PATELLA_BUILD_DIR="${CMAKE_BINARY_DIR}" PATELLA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # A test's own code need not be fast, and is built in two thirds of the time. gcc's guess at what is uninitialized needs -O2.
  target_compile_options(test_${name} PRIVATE $<$<CONFIG:Release>:-O1> $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
  # What is tested is looked at for undefined behaviour, a test's own lines are not: they would be a third of such a build.
  if(PATELLA_SANITIZE MATCHES "undefined")
    set(own ${arg_SOURCES})
    list(FILTER own INCLUDE REGEX "_test\\.cpp$")
    set_property(SOURCE ${own} APPEND PROPERTY COMPILE_OPTIONS -fno-sanitize=undefined)
  endif()
  if(arg_LABEL STREQUAL "unit")
    add_dependencies(unit_tests test_${name})
  endif()
  set(tests ${name})
  set(others)
  foreach(tag IN LISTS arg_PARTS arg_ELSEWHERE)
    string(APPEND others "~[${tag}]")  # in one word: Catch2 takes words for alternatives
  endforeach()
  foreach(part IN LISTS arg_PARTS)
    list(APPEND tests ${name}_${part})
    add_test(NAME ${name}_${part} COMMAND test_${name} "[${part}]" ${arg_ARGS})
  endforeach()
  add_test(NAME ${name} COMMAND test_${name} ${others} ${arg_ARGS})
  # Catch2 2 takes nothing for success.
  set_tests_properties(${tests} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} FAIL_REGULAR_EXPRESSION "No test cases matched;No tests ran")
  if(arg_COST)
    set_tests_properties(${tests} PROPERTIES COST ${arg_COST})
  endif()
endfunction()

# Links umockdev's preload library into a program, so that it needs no wrapper to make an emulated bus. Programs it
# starts need LD_PRELOAD=libumockdev-preload.so.0 all the same.
function(patella_under_umockdev target)
  target_link_options(${target} PRIVATE LINKER:--no-as-needed -l:libumockdev-preload.so.0 LINKER:--as-needed)
endfunction()
