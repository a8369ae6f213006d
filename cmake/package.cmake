# The Debian packages: vsa, the program, and vsa-models, its bundles. scripts/package makes them.
file(STRINGS /etc/os-release debian REGEX "^VERSION_ID=")
string(REGEX REPLACE "[^0-9]" "" debian "${debian}")
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~deb${debian}")  # a package of Debian 13 is newer than the same one of Debian 12
set(CPACK_PACKAGE_CONTACT "The authors of vsa <vsa@example.org>")

# What Debian wants to lie beside a program.
execute_process(COMMAND date --utc --rfc-email --date ${VSA_DATE} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
foreach(package vsa vsa-models)
  configure_file(cmake/debian/changelog.in debian/${package}/changelog.Debian @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/debian/${package}/changelog.Debian cmake/debian/copyright
          DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${package} EXCLUDE_FROM_ALL)
endforeach()
install(FILES CHANGELOG.md RENAME changelog DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/vsa COMPONENT vsa EXCLUDE_FROM_ALL)
install(FILES cmake/debian/overrides RENAME vsa DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT vsa EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/cmake/debian/compress.cmake)
set(CPACK_COMPONENTS_ALL vsa vsa-models)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

set(CPACK_DEBIAN_VSA_PACKAGE_NAME vsa)
set(CPACK_DEBIAN_VSA_PACKAGE_SECTION video)
set(CPACK_DEBIAN_VSA_DESCRIPTION
    "sentiment of what is said and shown in a video
It reads a video and its subtitles, or hears what is said in it, and says,
segment by segment and as a whole, whether what is said and shown is
negative, neutral or positive, as JSON. It needs neither a network nor a GPU.")
set(CPACK_DEBIAN_VSA_PACKAGE_SHLIBDEPS ON)
# libtorch is content with any BLAS, of which the one that is always there is 50 times slower.
set(CPACK_DEBIAN_VSA_PACKAGE_DEPENDS libopenblas0-pthread)
set(CPACK_DEBIAN_VSA_PACKAGE_RECOMMENDS vsa-models)

set(CPACK_DEBIAN_VSA-MODELS_PACKAGE_NAME vsa-models)
set(CPACK_DEBIAN_VSA-MODELS_PACKAGE_SECTION video)
set(CPACK_DEBIAN_VSA-MODELS_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_VSA-MODELS_DESCRIPTION
    "weights for vsa, which tells the sentiment of videos
The networks that vsa judges words and faces and hears speech with, and a
card for each that says what it knows.")
set(CPACK_DEBIAN_VSA-MODELS_PACKAGE_RECOMMENDS vsa)
include(CPack)
