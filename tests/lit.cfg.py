"""How lit runs the .mlir and .test files: graphc-opt or graphc, piped into FileCheck."""

import os

import lit.formats

config.name = "graphc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "unit", "gradients", "training", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.environment["PATH"] = os.pathsep.join(
    [config.graphc_tools_dir, config.llvm_tools_dir, config.environment.get("PATH", "")]
)
config.environment["GRAPHC_KERNEL_CACHE"] = "off"  # every kernel by the compiler under test
for name in ("GRAPHC_DATA", "GRAPHC_PROGRAMS", "ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "OMP_NUM_THREADS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
