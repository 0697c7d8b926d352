# troupe_layer(<folder> SOURCES ... DEPENDS ... [PRIVATE ...]): one static library per folder, so
# that a forbidden include between layers also shows up as a missing link dependency.
function(troupe_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE")
  add_library(troupe_${name} STATIC ${arg_SOURCES})
  add_library(troupe::${name} ALIAS troupe_${name})
  set_target_properties(troupe_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(troupe_${name} PUBLIC cxx_std_20)
  target_include_directories(troupe_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(troupe_${name}
    PUBLIC ${arg_DEPENDS} PRIVATE $<BUILD_INTERFACE:troupe_warnings> ${arg_PRIVATE})
  set_property(GLOBAL APPEND PROPERTY TROUPE_LAYERS troupe_${name})
endfunction()
