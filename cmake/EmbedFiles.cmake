# troupe_embed_files(<target> <name> BASE <folder> FILES <file>...)
#
# Compiles files into <target>, so that the installed program needs none on disk. The target's
# sources say #include "embedded/<name>.hpp" and call
#     std::span<const troupe::net::embedded_file> troupe::embedded::<name>()
# whose paths are relative to BASE. A changed file is embedded again by the next build.
function(troupe_embed_files target name)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "BASE" "FILES")
  cmake_path(ABSOLUTE_PATH arg_BASE NORMALIZE)
  set(paths)
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file NORMALIZE)
    list(APPEND paths ${file})
  endforeach()
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/WriteEmbedded.cmake)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name})
  add_custom_command(
    OUTPUT ${generated}.cpp ${generated}.hpp
    COMMAND ${CMAKE_COMMAND} -D name=${name} -D base=${arg_BASE} -D "files=${paths}"
      -D output=${generated} -P ${script}
    DEPENDS ${paths} ${script}
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${generated}.cpp ${generated}.hpp)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
endfunction()
