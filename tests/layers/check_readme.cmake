# cmake -D root=<source tree> -P check_readme.cmake: the programs and pages that README.md,
# docs/rooms.md and docs/tutorial.md show are the files in examples/, which are compiled and tested.
cmake_minimum_required(VERSION 3.25)

function(check_shown document language file)
  file(READ ${root}/${document} text)
  file(READ ${root}/${file} shown)
  string(FIND "${text}" "```${language}\n${shown}```" position)
  if(position EQUAL -1)
    message(SEND_ERROR "${document} does not show ${file} as it is")
  endif()
endfunction()

check_shown(README.md cpp examples/chat.cpp)
check_shown(docs/rooms.md cpp examples/arena_pilot.cpp)
check_shown(docs/tutorial.md cmake examples/tutorial/CMakeLists.txt)
check_shown(docs/tutorial.md cpp examples/tutorial/meadow.cpp)
check_shown(docs/tutorial.md html examples/tutorial/page/index.html)
check_shown(docs/tutorial.md js examples/tutorial/page/meadow.js)
