# The warnings of every target of ours; third-party headers are system headers and stay silent.
add_library(troupe_warnings INTERFACE)
target_compile_options(troupe_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Wcast-align -Wimplicit-fallthrough
  $<$<NOT:$<BOOL:$<TARGET_PROPERTY:TROUPE_ALLOWS_NULL_DEREFERENCE>>>:-Wnull-dereference>
  $<$<BOOL:${TROUPE_WERROR}>:-Werror>)

# Set the variable of the same name in a folder whose targets have Asio inlined everywhere: optimising
# GCC 12 reports null pointers of theirs.
define_property(TARGET PROPERTY TROUPE_ALLOWS_NULL_DEREFERENCE
  BRIEF_DOCS "Compile without -Wnull-dereference"
  INITIALIZE_FROM_VARIABLE TROUPE_ALLOWS_NULL_DEREFERENCE)

# From version 13 on, optimising GCC reports this one inside the standard library's containers.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
  target_compile_options(troupe_warnings INTERFACE -Wno-null-dereference)
endif()

# For sources into which GCC 12 inlines Asio or CLI11 and then reports a null pointer of theirs.
function(troupe_allow_null_dereference)
  set_source_files_properties(${ARGV} PROPERTIES COMPILE_OPTIONS -Wno-null-dereference)
endfunction()
