# cmake -DPROGRAM=<its source> -DRUN=<its executable> -DREADME=<README.md> -P CheckReadme.cmake: the
# README shows the program as it is compiled, and prints what it prints.
file(READ ${README} readme)
file(READ ${PROGRAM} source)
string(REGEX REPLACE "^//[^\n]*\n" "" source "${source}")
execute_process(COMMAND ${RUN} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
foreach(part IN ITEMS source output)
  string(FIND "${readme}" "${${part}}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "README.md does not show the program's ${part}:\n${${part}}")
  endif()
endforeach()
