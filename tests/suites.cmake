# CTest reads this when it starts. The programs list their suites themselves, so that none is missed,
# and each suite is a test of its own: most of them wait, and can do so side by side.
set(folder "@PROJECT_BINARY_DIR@")

# Those that take longest begin first. The number is what they take, in seconds.
set(long_suites
  clients_every_client 100 clients_faults 70 clients_certbot 40 clients_interrupted 40 integration_wait 40
  integration_dead_addresses 30 integration_misplaced 30 integration_hostile_dns 25 unit 15
  clients_run 15 clients_certbot_plugin 12 clients_dehydrated 11 limits_rate 15)

function(add_suite kind name)
  add_test(${name} "${folder}/${kind}-tests" ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${kind} TIMEOUT 300)
  list(FIND long_suites ${name} at)
  if(NOT at EQUAL -1)
    math(EXPR at "${at} + 1")
    list(GET long_suites ${at} cost)
    set_tests_properties(${name} PROPERTIES COST ${cost})
  endif()
  # Real clients are started four at a time and keep processors busy.
  if(kind STREQUAL "clients")
    set_tests_properties(${name} PROPERTIES PROCESSORS 3 TIMEOUT 900)
  endif()
  if(kind STREQUAL "bench")
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON TIMEOUT 900)
  endif()
  # The one real client that the sanitizers see.
  if(name STREQUAL "clients_run")
    set_tests_properties(${name} PROPERTIES LABELS "clients;sanitized")
  endif()
endfunction()

add_test(fuzz_corpus "${folder}/fuzz-tests" "@CMAKE_CURRENT_SOURCE_DIR@/fuzz/corpus")
set_tests_properties(fuzz_corpus PROPERTIES LABELS "fuzz;sanitized" TIMEOUT 300)

# They are many, and together need less than one of the others.
add_suite(unit unit)
foreach(kind IN ITEMS integration clients limits bench)
  set(suites "")
  if(EXISTS "${folder}/${kind}-tests")
    execute_process(COMMAND "${folder}/${kind}-tests" --list_content ERROR_VARIABLE content)
    string(REGEX MATCHALL "(^|\n)[a-z0-9_]+" suites "${content}")
  endif()
  foreach(suite IN LISTS suites)
    string(STRIP "${suite}" suite)
    add_suite(${kind} ${suite} "--run_test=${suite}")
  endforeach()
  # A program that is missing or lists nothing fails by itself.
  if(NOT suites)
    add_suite(${kind} ${kind})
  endif()
endforeach()
