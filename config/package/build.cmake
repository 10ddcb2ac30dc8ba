# What is packed is built first; CPack itself builds nothing where Ninja does.
execute_process(
  COMMAND ${CMAKE_COMMAND} --build ${CPACK_ACME_DNS01_BUILD} --target ${CPACK_ACME_DNS01_TARGETS}
  COMMAND_ERROR_IS_FATAL ANY)
