# The whole of Troupe as one target, and what `cmake --install` puts where, so that another project
# can say find_package(troupe) and link troupe::troupe.
get_property(troupe_layers GLOBAL PROPERTY TROUPE_LAYERS)

add_library(troupe_troupe INTERFACE)
add_library(troupe::troupe ALIAS troupe_troupe)
set_target_properties(troupe_troupe PROPERTIES EXPORT_NAME troupe)
target_link_libraries(troupe_troupe INTERFACE ${troupe_layers})

# What is installed: everything but tests, benchmarks and examples.
add_custom_target(product)
foreach(part IN LISTS troupe_layers ITEMS troupe)
  if(TARGET ${part})
    add_dependencies(product ${part})
  endif()
endforeach()

if(NOT TROUPE_INSTALL)
  return()
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/troupe)
set(troupe_third_party_dir ${CMAKE_INSTALL_INCLUDEDIR}/troupe-third-party)

install(TARGETS ${troupe_layers} troupe_troupe EXPORT troupeTargets)
if(TARGET troupe)
  install(TARGETS troupe RUNTIME)
endif()
install(DIRECTORY include/troupe DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT troupeTargets NAMESPACE troupe:: DESTINATION ${package_dir})

# Headers that script/bootstrap unpacked, because the system's package does not fit, go along.
cmake_path(IS_PREFIX PROJECT_SOURCE_DIR "${MsgpackCxx_INCLUDE_DIR}" NORMALIZE msgpack_is_unpacked)
if(msgpack_is_unpacked)
  install(DIRECTORY ${MsgpackCxx_INCLUDE_DIR}/ DESTINATION ${troupe_third_party_dir})
endif()

configure_package_config_file(cmake/troupeConfig.cmake.in troupeConfig.cmake
  INSTALL_DESTINATION ${package_dir}
  PATH_VARS troupe_third_party_dir)
write_basic_package_version_file(troupeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/troupeConfig.cmake ${PROJECT_BINARY_DIR}/troupeConfigVersion.cmake
  cmake/FindCAF.cmake cmake/FindMsgpackCxx.cmake
  DESTINATION ${package_dir})
