# cmake -DSOURCE=<this folder> -DWORK=<scratch> -DSECONDS=<for each> -P: builds every fuzzer and runs it,
# from the seeds and from what earlier runs found. Its crashes are kept in WORK/<name>-crash-*.
find_program(CLANG NAMES clang++-22 clang++-23 clang++-21 clang++ HINTS /usr/lib/llvm-22/bin REQUIRED)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G Ninja -DCMAKE_CXX_COMPILER=${CLANG}
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build COMMAND_ERROR_IS_FATAL ANY)
foreach(name IN ITEMS checkpoint)
  file(MAKE_DIRECTORY ${WORK}/${name})
  execute_process(COMMAND ${WORK}/build/${name}-seeds ${WORK}/${name} COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${WORK}/build/${name}-fuzzer ${WORK}/${name} -max_total_time=${SECONDS}
      -max_len=65536 -rss_limit_mb=1024 -malloc_limit_mb=256 -timeout=5 -print_final_stats=1
      -artifact_prefix=${WORK}/${name}-
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
