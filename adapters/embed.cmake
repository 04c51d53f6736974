# pingjia_embed(TARGET FILE SYMBOL): compiles a text file into TARGET as
# `extern const std::string_view pingjia::adapters::SYMBOL`, so that a program needs no data folder.
function(pingjia_embed target file symbol)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DOUTPUT=${output} -DSYMBOL=${symbol}
            -P ${PROJECT_SOURCE_DIR}/adapters/embed_file.cmake
    DEPENDS ${source} ${PROJECT_SOURCE_DIR}/adapters/embed_file.cmake
    COMMENT "Embedding ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
