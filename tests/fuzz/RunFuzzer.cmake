# cmake -DNAME=<fuzzer> -DSOURCE=<this folder> -DWORK=<scratch> -DGRAPHC_BINARY_DIR=<of graphc's build>
# -DGRAPHC_LIBRARY=<libgraphc.so> -DRUNS=<inputs to try> [-DSEED=<number>] -P: builds a fuzzer and runs it, from
# the seeds and from what earlier runs found. What it finds to be wrong is kept in WORK/NAME-*.
find_program(CLANG NAMES clang++-22 clang++-23 clang++-21 clang++ HINTS /usr/lib/llvm-22/bin REQUIRED)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G Ninja -DCMAKE_CXX_COMPILER=${CLANG}
    -DGRAPHC_BINARY_DIR=${GRAPHC_BINARY_DIR} -DGRAPHC_LIBRARY=${GRAPHC_LIBRARY}
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build --target ${NAME}-fuzzer ${NAME}-seeds
  COMMAND_ERROR_IS_FATAL ANY)
# One seed, and as many inputs on a fast machine as on a slow one, so that runs differ as little as libFuzzer
# lets them: what passed should not fail by chance elsewhere.
if(NOT DEFINED SEED)
  set(SEED 1)
endif()
# What lies in quarantine counts as memory taken.
set(ENV{ASAN_OPTIONS} quarantine_size_mb=16)
file(MAKE_DIRECTORY ${WORK}/${NAME})
execute_process(COMMAND ${WORK}/build/${NAME}-seeds ${WORK}/${NAME} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${WORK}/build/${NAME}-fuzzer ${WORK}/${NAME} -seed=${SEED} -runs=${RUNS}
    -max_len=65536 -rss_limit_mb=1024 -malloc_limit_mb=256 -timeout=30 -print_final_stats=1
    -artifact_prefix=${WORK}/${NAME}-
  COMMAND_ERROR_IS_FATAL ANY)
