# Moves the debug symbols of a program that is packed into the package of symbols, under the id of the
# build, where debuggers look for them.
function(split from program into)
  set(whole ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${from}/usr/bin/${program})
  execute_process(COMMAND readelf --notes ${whole} OUTPUT_VARIABLE notes COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCH "Build ID: (..)([0-9a-f]+)" found "${notes}")
  set(folder ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${into}/usr/lib/debug/.build-id/${CMAKE_MATCH_1})
  file(MAKE_DIRECTORY ${folder})
  execute_process(
    COMMAND objcopy --only-keep-debug --compress-debug-sections ${whole} ${folder}/${CMAKE_MATCH_2}.debug
    COMMAND_ERROR_IS_FATAL ANY)
  file(CHMOD ${folder}/${CMAKE_MATCH_2}.debug PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  execute_process(COMMAND strip --strip-unneeded --remove-section=.comment --remove-section=.note ${whole}
    COMMAND_ERROR_IS_FATAL ANY)
endfunction()
split(main acme-dns01 symbols)
split(sandbox acme-dns01-sandbox sandbox-symbols)
