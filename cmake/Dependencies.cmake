# Everything graphc needs from outside; nothing is fetched while configuring.
# MLIR's version file refuses a request for "22", so the version is checked after it is found.
find_package(MLIR REQUIRED CONFIG PATHS /usr/lib/llvm-22 /usr/lib/llvm-23 /usr/lib/llvm-21)
if(LLVM_VERSION_MAJOR LESS 21 OR LLVM_VERSION_MAJOR GREATER 23)
  message(FATAL_ERROR "graphc needs MLIR 21 to 23, found ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")
endif()
message(STATUS "MLIR ${LLVM_PACKAGE_VERSION} in ${MLIR_DIR}")

find_package(dnnl 3.2 REQUIRED CONFIG PATHS ${PROJECT_SOURCE_DIR}/.deps/onednn)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(fmt REQUIRED CONFIG)
find_package(nlohmann_json REQUIRED CONFIG)
find_package(CLI11 REQUIRED CONFIG)
find_package(ZLIB REQUIRED)
if(GRAPHC_TESTS)
  find_package(GTest REQUIRED)
endif()
if(GRAPHC_BENCHMARKS)
  find_package(benchmark REQUIRED CONFIG)
endif()

list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# LLVM's linker takes a quarter of the time; GCC finds it by its plain name in LLVM's own folder.
if(EXISTS ${LLVM_TOOLS_BINARY_DIR}/ld.lld)
  add_link_options(-fuse-ld=lld -B${LLVM_TOOLS_BINARY_DIR})
endif()
