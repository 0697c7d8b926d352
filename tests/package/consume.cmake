# cmake -D tree=... -D consumer=... -D tutorial=... -D work=... -D generator=... -D compiler=... -P consume.cmake
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result COMMAND_ECHO STDOUT)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed with ${result}: ${ARGV}")
  endif()
endfunction()

file(REMOVE_RECURSE ${work})
run(${CMAKE_COMMAND} --install ${tree} --prefix ${work}/prefix)
foreach(project consumer tutorial)
  run(${CMAKE_COMMAND} -S ${${project}} -B ${work}/${project} -G ${generator}
    -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_PREFIX_PATH=${work}/prefix)
  run(${CMAKE_COMMAND} --build ${work}/${project})
endforeach()
run(${work}/consumer/consumer)
