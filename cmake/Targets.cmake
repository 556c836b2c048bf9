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
  # Lets ccache keep objects that use a precompiled header; programs share the libraries' headers
  # only where they are position independent in the same way.
  target_compile_options(graphc_mlir_options INTERFACE -fpch-preprocess -fPIC)
  # GCC 12 sees these in LLVM's inlined containers, where they cannot happen.
  target_compile_options(graphc_mlir_options INTERFACE
    -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-dangling-pointer)
endif()
target_link_libraries(graphc_mlir_options INTERFACE MLIR LLVM)

# The headers that nearly every compiler file includes, compiled once: most of the time that a file
# takes is spent on them.
function(graphc_add_precompiled_headers name)
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/cmake/Empty.cpp)
  target_link_libraries(${name} PRIVATE graphc_mlir_options)
  target_precompile_headers(${name} PRIVATE ${ARGN})
  # Not through ccache: it would preprocess the new headers by way of the old precompiled ones, which
  # lie where the new ones will, and give back what it kept for those.
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  add_dependencies(${name} graphc_graph_tablegen)
endfunction()
graphc_add_precompiled_headers(graphc_graph_headers ${PROJECT_SOURCE_DIR}/cmake/GraphHeaders.h)
graphc_add_precompiled_headers(graphc_kernel_headers ${PROJECT_SOURCE_DIR}/cmake/KernelHeaders.h)

# graphc_add_library(name [MLIR | KERNEL] SOURCES ... [LINK ...]): MLIR for files that see graph and
# plan, KERNEL for those that write arith, scf, vector and llvm ops too.
function(graphc_add_library name)
  cmake_parse_arguments(ARG "MLIR;KERNEL" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  if(ARG_MLIR OR ARG_KERNEL)
    target_link_libraries(${name} PUBLIC ${ARG_LINK} INTERFACE MLIR LLVM)
    graphc_see_mlir(${name} ${ARG_KERNEL})
  else()
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE graphc_options)
  endif()
endfunction()

# graphc_see_mlir(target kernel): MLIR's options and precompiled headers.
function(graphc_see_mlir name kernel)
  target_link_libraries(${name} PRIVATE graphc_mlir_options)
  if(kernel)
    target_precompile_headers(${name} REUSE_FROM graphc_kernel_headers)
  else()
    target_precompile_headers(${name} REUSE_FROM graphc_graph_headers)
  endif()
endfunction()
