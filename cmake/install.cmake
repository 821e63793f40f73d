# Where things go: PREFIX/bin/tocsin, PREFIX/lib/tocsin/plugins, and for those who write plugins PREFIX/include/tocsin and a
# package that find_package(tocsin) finds. The program looks for its plugins beside itself, in ../lib/tocsin/plugins.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/tocsin DESTINATION include)
install(TARGETS tocsin_plugin EXPORT tocsin)
install(EXPORT tocsin NAMESPACE tocsin:: FILE tocsinTargets.cmake DESTINATION lib/cmake/tocsin)
configure_package_config_file(cmake/tocsinConfig.cmake.in ${CMAKE_BINARY_DIR}/tocsinConfig.cmake
  INSTALL_DESTINATION lib/cmake/tocsin NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/tocsinConfigVersion.cmake
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
install(FILES ${CMAKE_BINARY_DIR}/tocsinConfig.cmake ${CMAKE_BINARY_DIR}/tocsinConfigVersion.cmake
  DESTINATION lib/cmake/tocsin)

# A configuration to begin with: `cp -r PREFIX/share/tocsin /etc/tocsin` makes one that runs.
install(DIRECTORY config/ DESTINATION share/tocsin)
install(FILES README.md LICENSE DESTINATION share/doc/tocsin)
install(DIRECTORY docs DESTINATION share/doc/tocsin)

# What the shells complete, each where it looks. The program itself writes the scripts.
install(CODE "
  set(zsh share/zsh/site-functions)
  if(CMAKE_INSTALL_PREFIX STREQUAL /usr)
    set(zsh share/zsh/vendor-completions) # Debian's zsh looks for site-functions in /usr/local alone
  endif()
  file(MAKE_DIRECTORY \"${CMAKE_BINARY_DIR}/completions\")
  function(install_completion shell name directory)
    set(script \"${CMAKE_BINARY_DIR}/completions/\${name}\")
    execute_process(COMMAND \"$<TARGET_FILE:tocsin>\" completion \${shell} OUTPUT_FILE \"\${script}\" COMMAND_ERROR_IS_FATAL ANY)
    file(INSTALL \"\${script}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/\${directory}\")
  endfunction()
  install_completion(bash tocsin share/bash-completion/completions)
  install_completion(zsh _tocsin \"\${zsh}\")
  install_completion(fish tocsin.fish share/fish/vendor_completions.d)
")

# The unit names the program by its full path, which is known only when it is installed.
install(CODE "
  file(READ \"${CMAKE_SOURCE_DIR}/systemd/tocsin.service\" unit)
  string(REPLACE /usr/local/bin/ \"\${CMAKE_INSTALL_PREFIX}/bin/\" unit \"\${unit}\")
  file(WRITE \"${CMAKE_BINARY_DIR}/systemd/tocsin.service\" \"\${unit}\")
  file(INSTALL \"${CMAKE_BINARY_DIR}/systemd/tocsin.service\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\")
")
