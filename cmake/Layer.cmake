# troupe_layer(<folder> SOURCES ... DEPENDS ... [PRIVATE ...] [HEADER_ONLY ...])
#
# One static library per folder, so that a forbidden include between layers also shows up as a
# missing link dependency. A folder without sources is an interface library.
#   DEPENDS      seen by everybody who links the layer
#   PRIVATE      linked by the layer only; an installed Troupe still needs it to link
#   HEADER_ONLY  compiled into the layer; an installed Troupe does not need it at all
function(troupe_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE;HEADER_ONLY")
  if(arg_SOURCES)
    set(visible PUBLIC)
    add_library(troupe_${name} STATIC ${arg_SOURCES})
    set_target_properties(troupe_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_include_directories(troupe_${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(troupe_${name} PRIVATE ${arg_PRIVATE})
    foreach(library IN ITEMS troupe_warnings LISTS arg_HEADER_ONLY)
      target_link_libraries(troupe_${name} PRIVATE $<BUILD_INTERFACE:${library}>)
    endforeach()
  else()
    set(visible INTERFACE)
    add_library(troupe_${name} INTERFACE)
  endif()
  add_library(troupe::${name} ALIAS troupe_${name})
  set_target_properties(troupe_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(troupe_${name} ${visible} cxx_std_20)
  target_include_directories(troupe_${name} ${visible}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(troupe_${name} ${visible} ${arg_DEPENDS})
  set_property(GLOBAL APPEND PROPERTY TROUPE_LAYERS troupe_${name})
endfunction()
