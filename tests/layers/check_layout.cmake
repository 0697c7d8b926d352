# cmake -D root=<source tree> -P check_layout.cmake: each folder explains itself in a README.md, and
# no source file outgrows what a person reads in one go.
cmake_minimum_required(VERSION 3.25)
set(longest_file 600)
set(folders protocol game net actors server tools web tests bench fuzz examples script cmake)

foreach(folder IN LISTS folders)
  if(NOT EXISTS ${root}/${folder}/README.md)
    message(SEND_ERROR "${folder} has no README.md")
  endif()
  file(GLOB_RECURSE files ${root}/${folder}/*.hpp ${root}/${folder}/*.cpp ${root}/${folder}/*.cmake
    ${root}/${folder}/*.js ${root}/${folder}/*.mjs)
  list(FILTER files EXCLUDE REGEX "/(node_modules|build)/")
  foreach(file IN LISTS files)
    file(READ ${file} text)
    string(REGEX REPLACE "[^\n]" "" text "${text}")
    string(LENGTH "${text}" lines)
    if(lines GREATER longest_file)
      message(SEND_ERROR "${file} has ${lines} lines; split it (at most ${longest_file})")
    endif()
  endforeach()
endforeach()
