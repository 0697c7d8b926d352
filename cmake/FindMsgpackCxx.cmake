# Header-only msgpack-cxx, without its optional Boost dependency. Looked for first in MsgpackCxx_HINT
# (an installed Troupe sets it) and where script/bootstrap unpacks it.
include(FindPackageHandleStandardArgs)
find_path(MsgpackCxx_INCLUDE_DIR msgpack.hpp
  HINTS "${MsgpackCxx_HINT}" "${CMAKE_CURRENT_LIST_DIR}/../build/deps/usr/include")
if(MsgpackCxx_INCLUDE_DIR)
  file(STRINGS "${MsgpackCxx_INCLUDE_DIR}/msgpack/version_master.hpp" _lines REGEX "#define MSGPACK_VERSION_(MAJOR|MINOR|REVISION)")
  string(REGEX REPLACE "[^0-9;]+" "" _nums "${_lines}")
  string(REPLACE ";" "." MsgpackCxx_VERSION "${_nums}")
endif()
find_package_handle_standard_args(MsgpackCxx REQUIRED_VARS MsgpackCxx_INCLUDE_DIR VERSION_VAR MsgpackCxx_VERSION)
if(MsgpackCxx_FOUND AND NOT TARGET msgpack::cxx)
  add_library(msgpack::cxx INTERFACE IMPORTED)
  set_target_properties(msgpack::cxx PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${MsgpackCxx_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS MSGPACK_NO_BOOST)
endif()
