# How graphc's own targets are made: one function for plain ones, one for those that see MLIR.

add_library(graphc_options INTERFACE)
target_include_directories(graphc_options INTERFACE ${PROJECT_SOURCE_DIR})
# What TableGen writes comes as system headers: it leaves parameters unused.
target_include_directories(graphc_options SYSTEM INTERFACE ${PROJECT_BINARY_DIR})
target_compile_options(graphc_options INTERFACE -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: a false alarm on "text" + std::string.
  target_compile_options(graphc_options INTERFACE -Wno-restrict)
endif()

# LLVM's headers come as system headers: their warnings are not ours to mend.
add_library(graphc_mlir_options INTERFACE)
target_link_libraries(graphc_mlir_options INTERFACE graphc_options)
target_include_directories(graphc_mlir_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(llvm_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_options(graphc_mlir_options INTERFACE ${llvm_definitions})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Lets ccache keep objects that use a precompiled header.
  target_compile_options(graphc_mlir_options INTERFACE -fpch-preprocess)
  # GCC 12 sees these in LLVM's inlined containers, where they cannot happen.
  target_compile_options(graphc_mlir_options INTERFACE
    -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-dangling-pointer)
endif()
target_link_libraries(graphc_mlir_options INTERFACE MLIR LLVM)

# graphc_add_library(name [MLIR] SOURCES ... [LINK ...])
function(graphc_add_library name)
  cmake_parse_arguments(ARG "MLIR" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  if(ARG_MLIR)
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE graphc_mlir_options)
    target_link_libraries(${name} INTERFACE MLIR LLVM)
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/MlirPch.h)
  else()
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE graphc_options)
  endif()
endfunction()
