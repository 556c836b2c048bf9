# `cmake --install` gives a tree that find_package(graphc CONFIG) understands: one shared library,
# the public headers, the command line tools.
include(CMakePackageConfigHelpers)

install(TARGETS graphc EXPORT graphcTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS graphc-tool graphc-opt RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT graphcTargets NAMESPACE graphc:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/graphc)

# The umbrella header, then every header that it reaches, under the path by which it is included.
install(FILES frontend/graphc/graphc.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graphc)
install(DIRECTORY frontend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graphc
  FILES_MATCHING PATTERN "*.h" PATTERN "graphc" EXCLUDE PATTERN "GraphModule.h" EXCLUDE PATTERN "export" EXCLUDE
  PATTERN "import" EXCLUDE PATTERN "RecordTransaction.h" EXCLUDE)
install(FILES frontend/import/ImportGraphDef.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graphc/frontend/import)
foreach(header Attributes DataType KernelAbi Shape Status Tensor)
  install(FILES runtime/${header}.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graphc/runtime)
endforeach()
install(FILES runtime/session/MetaGraph.h runtime/session/Saver.h runtime/session/Session.h runtime/session/TrainingGraphDef.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graphc/runtime/session)

configure_package_config_file(cmake/graphcConfig.cmake.in graphcConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/graphc)
write_basic_package_version_file(graphcConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/graphcConfig.cmake ${PROJECT_BINARY_DIR}/graphcConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/graphc)

# MLIR, LLVM and oneDNN stay where they were found.
get_target_property(dnnl_library DNNL::dnnl IMPORTED_LOCATION_RELEASE)
cmake_path(GET dnnl_library PARENT_PATH dnnl_folder)
set_target_properties(graphc PROPERTIES INSTALL_RPATH "$ORIGIN;${dnnl_folder};${LLVM_LIBRARY_DIR}")
set_target_properties(graphc-tool graphc-opt PROPERTIES
  INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};${dnnl_folder};${LLVM_LIBRARY_DIR}")
