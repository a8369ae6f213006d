# A part of vsa: one folder of src/, one library. Its sources are named, so that none is in two parts by accident.
#
#   vsa_add_part(NAME SOURCES file... [USES part...] [LIBRARIES target...])
#
# USES are the parts whose headers its own include, LIBRARIES what it links besides. tests/arrows holds the includes to
# the same arrows.
function(vsa_add_part name)
  cmake_parse_arguments(PART "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(vsa_${name} STATIC ${PART_SOURCES})
  target_include_directories(vsa_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM PART_USES PREPEND vsa_)
  target_link_libraries(vsa_${name} PUBLIC ${PART_USES} PRIVATE ${PART_LIBRARIES})
endfunction()

# The tests of a part: tests/NAME mirrors src/NAME.
#
#   vsa_add_part_tests(NAME SOURCES file... [USES part...] [LIBRARIES target...])
function(vsa_add_part_tests name)
  cmake_parse_arguments(PART "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name}_test ${PART_SOURCES})
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM PART_USES PREPEND vsa_)
  target_link_libraries(${name}_test PRIVATE vsa_${name} ${PART_USES} ${PART_LIBRARIES} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name}_test PRIVATE VSA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()
