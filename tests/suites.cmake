# CTest reads this when it starts. The programs list their suites themselves, so that none is missed,
# and each suite is a test of its own: most of them wait, and can do so side by side.
set(folder "@PROJECT_BINARY_DIR@")

# Those that take longest begin first. The number is what they take, in seconds.
set(long_suites
  clients_faults 70 clients_twenty_names 60 limits_killed 60 clients_every_client 40 clients_certbot 40
  clients_interrupted 40 integration_wait 40 integration_wait_questions 35 clients_renewal 30
  integration_dead_addresses 30 integration_misplaced 30 integration_retries 25 limits_shortage 25
  clients_cert_status 25 integration_hostile_dns 25 unit 40 integration_caa_lookups 20
  integration_proxy 20 integration_persist_faults 20 clients_run 15 limits_rate 15 clients_pauses 14
  clients_certbot_plugin 12 clients_dehydrated 11 clients_failures 11 integration_client_hooks 10
  integration_interrupted 10 integration_run 10 integration_check_defects 8
  challenge_wait_schedule_simulation 7 caa_change_combinations 7)

# Those that the sanitizers watch are named sanitized_... and have that label alone.
function(add_suite variant kind suite)
  set(name ${suite})
  set(label ${kind})
  if(variant)
    set(name ${variant}_${suite})
    set(label ${variant})
  endif()
  # A test that is skipped says why.
  set(shown --log_level=warning)
  if(kind STREQUAL "fuzz")
    set(shown "")
  endif()
  add_test(${name} "${folder}/${variant}/${kind}-tests" ${shown} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300)
  list(FIND long_suites ${suite} at)
  if(NOT at EQUAL -1)
    math(EXPR at "${at} + 1")
    list(GET long_suites ${at} cost)
    set_tests_properties(${name} PROPERTIES COST ${cost})
  endif()
  # Real clients are started four at a time and keep processors busy; so do the limits.
  if(kind MATCHES "^(clients|limits)$")
    set_tests_properties(${name} PROPERTIES PROCESSORS 2 TIMEOUT 900)
  endif()
  if(kind STREQUAL "bench")
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON TIMEOUT 900)
  endif()
endfunction()

# The suites of one program: all, or those that match.
function(add_suites variant kind wanted)
  set(suites "")
  if(EXISTS "${folder}/${variant}/${kind}-tests")
    execute_process(COMMAND "${folder}/${variant}/${kind}-tests" --list_content ERROR_VARIABLE content)
    string(REGEX MATCHALL "(^|\n)[a-z0-9_]+" suites "${content}")
  endif()
  list(TRANSFORM suites STRIP)
  list(FILTER suites INCLUDE REGEX "${wanted}")
  foreach(suite IN LISTS suites)
    add_suite("${variant}" ${kind} ${suite} "--run_test=${suite}")
  endforeach()
  # A program that is missing or lists nothing fails by itself.
  if(NOT suites)
    add_suite("${variant}" ${kind} ${kind})
  endif()
endfunction()

foreach(kind IN ITEMS integration clients limits bench)
  add_suites("" ${kind} ".")
endforeach()
add_suites(sanitized integration ".")
# One real client is enough for the sanitizers.
add_suites(sanitized clients "^clients_run$")
# The suites of the unit tests are many, and together need less than one of the others: but for two
# that try all combinations.
foreach(variant IN ITEMS "" sanitized)
  add_suite("${variant}" unit unit
    "--run_test=!challenge_wait_schedule_simulation:!caa_change_combinations")
  foreach(suite IN ITEMS challenge_wait_schedule_simulation caa_change_combinations)
    add_suite("${variant}" unit ${suite} "--run_test=${suite}")
  endforeach()
endforeach()
# The packages, which are made of the release.
if("@CMAKE_BUILD_TYPE@" STREQUAL "Release")
  add_test(package "@CMAKE_CURRENT_SOURCE_DIR@/package/run" "${folder}")
  set_tests_properties(package PROPERTIES
    LABELS package PROCESSORS 2 COST 100 TIMEOUT 900 SKIP_RETURN_CODE 77)
endif()
# The inputs that are kept for fuzzing.
foreach(variant IN ITEMS "" sanitized)
  add_suite("${variant}" fuzz fuzz_corpus "@CMAKE_CURRENT_SOURCE_DIR@/fuzz/corpus")
endforeach()
