# cmake -D root=<source tree> -P check_readme.cmake: the program in README.md is examples/chat.cpp,
# which is compiled.
cmake_minimum_required(VERSION 3.25)
file(READ ${root}/README.md readme)
file(READ ${root}/examples/chat.cpp program)
string(FIND "${readme}" "```cpp\n${program}```" position)
if(position EQUAL -1)
  message(FATAL_ERROR "README.md does not show examples/chat.cpp as it is")
endif()
