# A plugin's own translations: locale/<language>.po beside its plugin.toml becomes locale/x/LC_MESSAGES/<name>_<language>.mo
# beside the library, where the kiosk looks (docs/languages.md).
#
#   patella_plugin_catalogues(<target> <name> <folder of the library> <folder it is installed in>
#     [KITS <folder>…]          sources that are linked into the plugin and have a locale/ of their own; the plugin's words go first
#     [GENERATED <file>…])      further catalogues, made by the build
#
# Without gettext's msgfmt the plugin speaks English only.
find_program(MSGFMT msgfmt)
find_program(MSGCAT msgcat)

function(patella_plugin_catalogues target name beside installed)
  cmake_parse_arguments(arg "" "" "KITS;GENERATED" ${ARGN})
  if(NOT MSGFMT OR NOT MSGCAT)
    message(STATUS "${name}: no gettext here, so it speaks English only")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/locale/*.po)
  foreach(kit IN LISTS arg_KITS)
    file(GLOB more CONFIGURE_DEPENDS ${kit}/locale/*.po)
    list(APPEND sources ${more})
  endforeach()
  list(APPEND sources ${arg_GENERATED})
  set(languages)
  foreach(po IN LISTS sources)
    cmake_path(GET po STEM language)
    list(APPEND languages ${language})
    list(APPEND po_${language} ${po})
  endforeach()
  list(REMOVE_DUPLICATES languages)
  set(made)
  foreach(language IN LISTS languages)
    set(folder ${beside}/locale/x/LC_MESSAGES)
    set(whole ${CMAKE_CURRENT_BINARY_DIR}/${target}_${language}.po)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${folder}/${name}_${language}.mo
      COMMAND ${MSGCAT} --use-first --output-file=${whole} ${po_${language}}
      COMMAND ${MSGFMT} --check-format --output-file=${folder}/${name}_${language}.mo ${whole}
      DEPENDS ${po_${language}} VERBATIM)
    list(APPEND made ${folder}/${name}_${language}.mo)
    if(NOT language STREQUAL "qps")
      install(FILES ${folder}/${name}_${language}.mo DESTINATION ${installed}/locale/x/LC_MESSAGES)
    endif()
  endforeach()
  add_custom_target(${target}_catalogues ALL DEPENDS ${made})
  add_dependencies(${target} ${target}_catalogues)
endfunction()
