# The packages, in addition to what `cmake --install` installs: `cpack -G DEB` makes Debian's, `cpack -G TGZ` a
# tarball of the static program. Places are those of Debian 12.

# The day of this version. No file in a package is younger, so that two builds of it are equal.
set(ACME_DNS01_RELEASED 1795824000)
set(ENV{SOURCE_DATE_EPOCH} ${ACME_DNS01_RELEASED})
string(TIMESTAMP release_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(package_folder ${PROJECT_BINARY_DIR}/package)
set(source_folder ${PROJECT_SOURCE_DIR}/config)

# The objects of the program, linked with nothing that is shared.
add_executable(acme-dns01-static EXCLUDE_FROM_ALL $<TARGET_OBJECTS:acme-dns01>)
set_target_properties(acme-dns01-static PROPERTIES
  LINKER_LANGUAGE CXX OUTPUT_NAME acme-dns01 RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/static)
add_dependencies(acme-dns01-static acme-dns01-parts)
target_link_libraries(acme-dns01-static PRIVATE $<TARGET_FILE:acme-dns01-parts>
  $<TARGET_FILE:Boost::json> $<TARGET_FILE:Boost::program_options> $<TARGET_FILE:Boost::url>
  -lunbound ldns sqlite3 psl idn2 unistring ssl crypto event hogweed nettle gmp)
# Where the linker has it: its advice against getaddrinfo, which needs shared libraries for other sources
# of names than files and DNS, has no switch of its own.
include(CheckLinkerFlag)
check_linker_flag(CXX -Wl,--no-warnings ACME_DNS01_HAS_NO_WARNINGS)
target_link_options(acme-dns01-static PRIVATE -static-pie -Wl,-z,relro,-z,now,-z,noexecstack
  $<$<BOOL:${ACME_DNS01_HAS_NO_WARNINGS}>:-Wl,--no-warnings>)

# Prints the program's own tables, from which the manual and the completions are made.
add_executable(acme-dns01-tables EXCLUDE_FROM_ALL ${source_folder}/package/tables.cpp)
target_link_libraries(acme-dns01-tables PRIVATE acme-dns01-parts)
set_target_properties(acme-dns01-tables PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${package_folder})
add_custom_command(OUTPUT ${package_folder}/tables
  COMMAND acme-dns01-tables > ${package_folder}/tables DEPENDS acme-dns01-tables VERBATIM)

set(made "")
# Makes a file of the package from one of the source and the tables.
function(fill file from)
  cmake_path(GET from PARENT_PATH folder)
  add_custom_command(OUTPUT ${package_folder}/${file}
    COMMAND ${folder}/fill ${from} < ${package_folder}/tables > ${package_folder}/${file}
    DEPENDS ${package_folder}/tables ${folder}/fill ${from} VERBATIM)
  set(made ${made} ${package_folder}/${file} PARENT_SCOPE)
endfunction()
fill(acme-dns01.bash ${source_folder}/completions/acme-dns01.bash)
fill(_acme-dns01 ${source_folder}/completions/acme-dns01.zsh)
fill(acme-dns01.fish ${source_folder}/completions/acme-dns01.fish)

# Without the time and the name of what was packed, so that it is equal in every build.
function(compress file from)
  add_custom_command(OUTPUT ${package_folder}/${file}.gz
    COMMAND gzip -9nc ${from} > ${package_folder}/${file}.gz DEPENDS ${from} VERBATIM)
  set(made ${made} ${package_folder}/${file}.gz PARENT_SCOPE)
endfunction()
# The maker of a package is its maintainer, as Debian's own tools have it. Debian's policy wants
# an address in any case; this one leads nowhere, and says so.
set(maintainer "a local build of acme-dns01 <nobody@acme-dns01.invalid>")
if(DEFINED ENV{DEBFULLNAME} AND DEFINED ENV{DEBEMAIL})
  set(maintainer "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
endif()
set(ACME_DNS01_MAINTAINER ${maintainer} CACHE STRING "name and address of the maintainer of the packages")
configure_file(${source_folder}/package/changelog ${package_folder}/changelog.Debian @ONLY)
compress(changelog.Debian ${package_folder}/changelog.Debian)
compress(changelog ${PROJECT_SOURCE_DIR}/CHANGELOG.md)

# Manual pages, where scdoc is installed.
find_program(SCDOC scdoc)
file(GLOB pages CONFIGURE_DEPENDS ${source_folder}/man/*.scd)
if(SCDOC)
  foreach(page IN LISTS pages)
    cmake_path(GET page STEM LAST_ONLY name)
    string(REGEX MATCH "^acme-dns01-sandbox" of_sandbox ${name})
    string(REGEX MATCH ".$" section ${name})
    fill(${name}.scd ${page})
    # scdoc begins lists with a paragraph that is empty, which mandoc's lint calls an error.
    add_custom_command(OUTPUT ${package_folder}/${name}
      COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${ACME_DNS01_RELEASED}
        ${source_folder}/man/format ${SCDOC} ${package_folder}/${name}.scd > ${package_folder}/${name}
      DEPENDS ${package_folder}/${name}.scd ${source_folder}/man/format VERBATIM)
    compress(${name} ${package_folder}/${name})
    if(of_sandbox)
      set(component sandbox)
    else()
      set(component documents)
    endif()
    install(FILES ${package_folder}/${name}.gz DESTINATION share/man/man${section}
      COMPONENT ${component} EXCLUDE_FROM_ALL)
  endforeach()
else()
  message(STATUS "scdoc is not installed: packages are made without manual pages")
endif()
add_custom_target(package-files DEPENDS ${made})

install(FILES ${package_folder}/acme-dns01.bash RENAME acme-dns01
  DESTINATION share/bash-completion/completions COMPONENT documents EXCLUDE_FROM_ALL)
install(FILES ${package_folder}/_acme-dns01
  DESTINATION share/zsh/vendor-completions COMPONENT documents EXCLUDE_FROM_ALL)
install(FILES ${package_folder}/acme-dns01.fish
  DESTINATION share/fish/vendor_completions.d COMPONENT documents EXCLUDE_FROM_ALL)

# Hooks name the places where they are installed.
function(install_hooks component prefix)
  install(PROGRAMS hooks/dehydrated hooks/lego hooks/uacme hooks/dns_acmedns01.sh
    DESTINATION share/acme-dns01/hooks COMPONENT ${component} ${ARGN})
  install(CODE "
    file(GLOB hooks \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/acme-dns01/hooks/*\")
    foreach(hook IN LISTS hooks)
      file(READ \"\${hook}\" text)
      string(REPLACE /usr/local \"${prefix}\" text \"\${text}\")
      file(WRITE \"\${hook}\" \"\${text}\")
    endforeach()" COMPONENT ${component} ${ARGN})
endfunction()
install_hooks(program "\${CMAKE_INSTALL_PREFIX}")
install_hooks(static /usr EXCLUDE_FROM_ALL)

# What systemd, Prometheus and an administrator may use, and the configuration.
file(GLOB units CONFIGURE_DEPENDS ${source_folder}/systemd/*.service ${source_folder}/systemd/*.timer)
file(GLOB drop_ins CONFIGURE_DEPENDS ${source_folder}/systemd/*.service.d)
file(GLOB alert_rules CONFIGURE_DEPENDS ${source_folder}/prometheus/*.yml)
function(install_system component units_at configuration_at)
  set(here COMPONENT ${component} EXCLUDE_FROM_ALL)
  install(FILES ${units} DESTINATION ${units_at} ${here})
  install(FILES ${alert_rules} DESTINATION share/acme-dns01 ${here})
  if(drop_ins)
    install(DIRECTORY ${drop_ins} DESTINATION share/doc/acme-dns01/examples ${here})
  endif()
  foreach(kind IN ITEMS sysusers tmpfiles)
    file(GLOB some CONFIGURE_DEPENDS ${source_folder}/${kind}/*.conf)
    install(FILES ${some} DESTINATION lib/${kind}.d ${here})
  endforeach()
  install(FILES ${source_folder}/acme-dns01.conf DESTINATION ${configuration_at}/acme-dns01 ${here})
endfunction()
install_system(system /lib/systemd/system /etc)
install_system(static lib/systemd/system etc)

function(install_debian_documents package component)
  install(FILES ${source_folder}/package/copyright ${package_folder}/changelog.gz
    ${package_folder}/changelog.Debian.gz
    DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()
install_debian_documents(acme-dns01 system)
install_debian_documents(acme-dns01-sandbox sandbox)
install_debian_documents(acme-dns01-dbgsym symbols)
install_debian_documents(acme-dns01-sandbox-dbgsym sandbox-symbols)
install(TARGETS acme-dns01-sandbox RUNTIME DESTINATION bin COMPONENT sandbox EXCLUDE_FROM_ALL)

install(TARGETS acme-dns01-static RUNTIME DESTINATION bin COMPONENT static EXCLUDE_FROM_ALL)
install(FILES LICENSE CHANGELOG.md config/Dockerfile DESTINATION .
  COMPONENT static EXCLUDE_FROM_ALL)

set(CPACK_PACKAGE_NAME acme-dns01)
set(CPACK_PACKAGE_VENDOR "the acme-dns01 authors")
set(CPACK_PACKAGE_CONTACT ${ACME_DNS01_MAINTAINER})
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_THREADS 0)
# What a generator packs, and how, is decided when it runs.
set(CPACK_PROJECT_CONFIG_FILE ${source_folder}/package/cpack.cmake)
set(CPACK_INSTALL_SCRIPTS ${source_folder}/package/build.cmake)
set(CPACK_ACME_DNS01_RELEASED ${ACME_DNS01_RELEASED})
set(CPACK_ACME_DNS01_SCRIPTS ${source_folder}/package)
set(CPACK_ACME_DNS01_BUILD ${PROJECT_BINARY_DIR})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${source_folder}/package/symbols.cmake)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_MAIN_PACKAGE_NAME acme-dns01)
# The program loads these libraries itself, so that they are not found among those it is linked with.
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS "ca-certificates, libidn2-0, libpsl5, libunbound8")
set(CPACK_DEBIAN_MAIN_PACKAGE_SUGGESTS "certbot | dehydrated | lego | uacme, acme-dns01-sandbox")
set(CPACK_DEBIAN_MAIN_PACKAGE_CONTROL_EXTRA
  ${source_folder}/package/conffiles ${source_folder}/package/postinst
  ${source_folder}/package/prerm ${source_folder}/package/postrm)
set(CPACK_COMPONENT_MAIN_DESCRIPTION "prove domains at DigitalOcean by ACME's DNS-01 challenge
A hook of certbot, acme.sh, dehydrated, lego, uacme and getssl, for domains
whose DNS is at DigitalOcean. It creates the TXT record of a challenge, returns
when every authoritative name server serves it, and removes exactly that
record.
.
It also checks whether CAA records permit a certificate authority to issue, and
manages an account's domains and records.")
set(CPACK_DEBIAN_SANDBOX_PACKAGE_NAME acme-dns01-sandbox)
set(CPACK_DEBIAN_SANDBOX_PACKAGE_SUGGESTS "acme-dns01, pebble")
set(CPACK_COMPONENT_SANDBOX_DESCRIPTION "local imitation of DigitalOcean's DNS for tests
Serves DigitalOcean's Domains and Domain Records API over HTTPS, and the
zones' name servers, on loopback addresses. It needs neither root nor the
network, and runs a command in an environment that points to it.")
foreach(of IN ITEMS "" sandbox-)
  string(TOUPPER CPACK_DEBIAN_${of}SYMBOLS prefix)
  set(${prefix}_PACKAGE_NAME acme-dns01-${of}dbgsym)
  set(${prefix}_PACKAGE_SECTION debug)
  set(${prefix}_PACKAGE_DEPENDS "acme-dns01 (= ${PROJECT_VERSION})")
  string(TOUPPER CPACK_COMPONENT_${of}SYMBOLS_DESCRIPTION description)
  set(${description} "debug symbols for acme-dns01
Lines and names for stack traces, where a debugger looks for them.")
endforeach()
set(CPACK_DEBIAN_SANDBOX-SYMBOLS_PACKAGE_DEPENDS
  "acme-dns01-sandbox (= ${PROJECT_VERSION})")
include(CPack)
cpack_add_component_group(main)
foreach(component IN ITEMS program documents system)
  cpack_add_component(${component} GROUP main)
endforeach()
