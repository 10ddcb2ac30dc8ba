# Packs the tarball anew, so that two builds are equal: in the order of names, without owners, all files
# of one time. Sums of its files are in it, and its own is beside it.
set(folder ${CPACK_TEMPORARY_DIRECTORY})
file(REMOVE ${folder}/SHA256SUMS)
file(GLOB_RECURSE files RELATIVE ${folder} ${folder}/*)
set(sums "")
foreach(name IN LISTS files)
  file(SHA256 ${folder}/${name} sum)
  string(APPEND sums "${sum}  ${name}\n")
endforeach()
file(WRITE ${folder}/SHA256SUMS ${sums})
cmake_path(GET folder PARENT_PATH parent)
cmake_path(GET folder FILENAME name)
file(REMOVE ${CPACK_PACKAGE_FILES})
execute_process(
  COMMAND tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner
    --mode=u=rwX,go=rX --mtime=@${CPACK_ACME_DNS01_RELEASED} --directory ${parent} ${name}
  COMMAND gzip -9n
  OUTPUT_FILE ${CPACK_PACKAGE_FILES} COMMAND_ERROR_IS_FATAL ANY)
cmake_path(GET CPACK_PACKAGE_FILES FILENAME name)
file(SHA256 ${CPACK_PACKAGE_FILES} sum)
file(WRITE ${CPACK_PACKAGE_DIRECTORY}/SHA256SUMS "${sum}  ${name}\n")
