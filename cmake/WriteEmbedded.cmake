# cmake -D name=... -D base=... -D files=... -D output=... -P WriteEmbedded.cmake
# Writes <output>.hpp and <output>.cpp for troupe_embed_files(). Bytes become numbers: string
# literals have limits on their length and on what they may contain.
cmake_minimum_required(VERSION 3.25)

set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${base} OUTPUT_VARIABLE path)
  file(SIZE ${file} size)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}00")
  string(REPEAT "....." 16 one_line)
  string(REGEX REPLACE "(${one_line})" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "// ${path}, and a zero that no entry counts\n"
    "constexpr unsigned char bytes_${index}[]{\n${bytes}};\n\n")
  string(APPEND entries "      {\"${path}\", text(bytes_${index}, ${size})},\n")
  math(EXPR index "${index} + 1")
endforeach()

set(header "#pragma once
#include \"net/embedded_file.hpp\"

#include <span>

namespace troupe::embedded {

std::span<const net::embedded_file> ${name}();

} // namespace troupe::embedded
")

set(source "#include \"embedded/${name}.hpp\"

#include <array>
#include <cstddef>

namespace troupe::embedded {

namespace {

${arrays}std::string_view text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

} // namespace

std::span<const net::embedded_file> ${name}() {
  static const std::array<net::embedded_file, ${index}> files{{
${entries}  }};
  return files;
}

} // namespace troupe::embedded
")

file(WRITE ${output}.hpp "${header}")
file(WRITE ${output}.cpp "${source}")
