# pingjia_embed(TARGET FILE NAMESPACE SYMBOL): compiles a text file into TARGET as
# `extern const std::string_view pingjia::NAMESPACE::SYMBOL`, so that a program needs no data folder.
function(pingjia_embed target file namespace symbol)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/harness/embed_file.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DOUTPUT=${output} -DNAMESPACE=${namespace}
            -DSYMBOL=${symbol} -P ${script}
    DEPENDS ${source} ${script}
    COMMENT "Embedding ${file}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
