# llama.cpp for the worker: target pingjia_llama, and its programs in the folder of pingjia's own.
#
# The pinned source archive is fetched by pip, its hash checked, and built once into a cache outside the
# build tree, which all presets share. An installed llama.cpp would not do: its package lacks the library
# `common` with the chat templates, and its version would not be the one that was measured.
#
#
#   CACHE/llama.cpp-VERSION/archive/    the archive as downloaded
#   CACHE/llama.cpp-VERSION/source/     vendor/llama.cpp of it
#   CACHE/llama.cpp-VERSION/BUILD/      bin/, lib/, build.log; BUILD names the backend and a hash of
#                                       compiler, processor and options
#
# CACHE is -DPINGJIA_CACHE or $PINGJIA_CACHE, else $XDG_CACHE_HOME/pingjia, else $HOME/.cache/pingjia. Each step
# ends with a stamp, and one lock lets only one configure at a time do them: an interrupted step is
# done again from its beginning.
include_guard()
include(ProcessorCount)

option(PINGJIA_LLAMA_SGEMM "llama.cpp's faster matrix products, whose results depend on the batch" OFF)

set(llama_pin_file ${CMAKE_CURRENT_LIST_DIR}/llama_cpp.requirements.txt)
set(llama_backend_dir ${CMAKE_CURRENT_LIST_DIR}/fetch_only)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${llama_pin_file})
file(STRINGS ${llama_pin_file} llama_pin REGEX "^llama-cpp-python==")
string(REGEX MATCH "==([0-9.]+) --hash=sha256:([0-9a-f]+)" llama_pin "${llama_pin}")
set(LLAMA_PIN_VERSION ${CMAKE_MATCH_1})
set(LLAMA_PIN_SHA256 ${CMAKE_MATCH_2})

# Programs that others start: the server for the managed adapter, the others to compare speeds.
set(llama_programs llama-server llama-bench llama-batched-bench)
# Link order does not matter: they go into one group.
set(llama_libraries llama-common llama-common-base llama cpp-httplib ggml ggml-cpu ggml-base)

# Sets `out` to the folder of everything that is built once.
function(llama_cache_dir out)
  if(PINGJIA_CACHE)
    set(dir ${PINGJIA_CACHE})
  elseif(DEFINED ENV{PINGJIA_CACHE})
    set(dir $ENV{PINGJIA_CACHE})
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(dir $ENV{XDG_CACHE_HOME}/pingjia)
  elseif(DEFINED ENV{HOME})
    set(dir $ENV{HOME}/.cache/pingjia)
  else()
    message(FATAL_ERROR "llama.cpp: no folder to build it in: set HOME, or -DPINGJIA_CACHE=FOLDER")
  endif()
  set(${out} ${dir}/llama.cpp-${LLAMA_PIN_VERSION} PARENT_SCOPE)
endfunction()

# Sets `options` to the cache entries of llama.cpp's own configure, and `name` to the build's folder.
function(llama_build_options options name)
  set(flags "")
  # Instructions of this processor: the cache is this user's, and the hash below keeps a home folder
  # shared between machines apart. Without AMX: virtual machines announce it and then fault on it.
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set(flags "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16")
  endif()
  separate_arguments(flag_list UNIX_COMMAND "${flags}")
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=native ${flag_list} -dM -E -x c++ /dev/null
                  OUTPUT_VARIABLE processor RESULT_VARIABLE result ERROR_QUIET)
  if(result)
    set(flags "")
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -dM -E -x c++ /dev/null OUTPUT_VARIABLE processor)
  endif()
  string(SHA256 processor "${processor}")
  string(SUBSTRING "${processor}" 0 12 processor)
  set(list
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON
    -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF
    -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF
    # OpenMP's threads spin on: two busy processes on one machine would ruin every timing.
    -DGGML_OPENMP=OFF -DGGML_NATIVE=ON
    # Its products of one column round differently from its products of many, so that an answer would
    # depend on what else was in the batch (adapters/engines/README.md has the cost).
    -DGGML_LLAMAFILE=${PINGJIA_LLAMA_SGEMM}
    # The define keeps objects of another processor out of a compiler cache.
    "-DCMAKE_C_FLAGS=${flags} -DPINGJIA_PROCESSOR_${processor}"
    "-DCMAKE_CXX_FLAGS=${flags} -DPINGJIA_PROCESSOR_${processor}")
  set(backend cpu)
  if(PINGJIA_CUDA)
    find_package(CUDAToolkit QUIET)
    file(GLOB gpus /proc/driver/nvidia/gpus/*)
    if(CUDAToolkit_FOUND AND (gpus OR CMAKE_CUDA_ARCHITECTURES))
      set(backend cuda-${CUDAToolkit_VERSION})
      list(APPEND list -DGGML_CUDA=ON -DGGML_CUDA_NCCL=OFF)
      if(CMAKE_CUDA_ARCHITECTURES)
        list(APPEND list "-DCMAKE_CUDA_ARCHITECTURES=${CMAKE_CUDA_ARCHITECTURES}")
      endif()
    else()
      message(STATUS "llama.cpp: no CUDA toolkit, or no GPU and no CMAKE_CUDA_ARCHITECTURES: "
                     "building for the CPU")
    endif()
  endif()
  string(SHA256 hash "${list};${processor}")
  string(SUBSTRING ${hash} 0 12 hash)
  set(${options} "${list}" PARENT_SCOPE)
  set(${name} ${backend}-${hash} PARENT_SCOPE)
endfunction()

# Downloads the archive into `dir`/archive unless it is there, whole.
function(llama_fetch dir)
  set(archive ${dir}/archive/llama_cpp_python-${LLAMA_PIN_VERSION}.tar.gz)
  if(EXISTS ${archive})
    file(SHA256 ${archive} found)
    if(found STREQUAL LLAMA_PIN_SHA256)
      return()
    endif()
    file(REMOVE ${archive})
  endif()
  find_package(Python3 QUIET COMPONENTS Interpreter)
  if(NOT Python3_FOUND)
    message(FATAL_ERROR "llama.cpp: python3 and pip are needed to fetch it: install python3-pip, "
                        "or configure with -DPINGJIA_LLAMA=OFF")
  endif()
  message(STATUS "llama.cpp: fetching llama-cpp-python ${LLAMA_PIN_VERSION} (76 MB)")
  file(MAKE_DIRECTORY ${dir}/archive)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${llama_backend_dir} PYTHONDONTWRITEBYTECODE=1
            ${Python3_EXECUTABLE} -m pip download --quiet --disable-pip-version-check --no-deps
            --no-binary :all: --no-build-isolation --require-hashes
            --requirement ${llama_pin_file} --dest ${dir}/archive
    RESULT_VARIABLE result OUTPUT_FILE ${dir}/archive/pip.log ERROR_FILE ${dir}/archive/pip.log)
  if(EXISTS ${archive})
    file(SHA256 ${archive} found)
  endif()
  if(result OR NOT "${found}" STREQUAL "${LLAMA_PIN_SHA256}")
    message(FATAL_ERROR "llama.cpp: pip could not fetch the pinned archive (its words are in "
                        "${dir}/archive/pip.log): check the network and the package index, put the file at "
                        "${archive}, or configure with -DPINGJIA_LLAMA=OFF")
  endif()
endfunction()

# Unpacks vendor/llama.cpp of the archive into `dir`/source unless that was done.
function(llama_unpack dir)
  if(EXISTS ${dir}/source.stamp)
    return()
  endif()
  llama_fetch(${dir})
  file(REMOVE_RECURSE ${dir}/source ${dir}/unpacking)
  set(top llama_cpp_python-${LLAMA_PIN_VERSION})
  file(ARCHIVE_EXTRACT INPUT ${dir}/archive/${top}.tar.gz DESTINATION ${dir}/unpacking
       PATTERNS ${top}/vendor/llama.cpp)
  file(RENAME ${dir}/unpacking/${top}/vendor/llama.cpp ${dir}/source)
  # A pointer to a git folder that is not in the archive: git would complain.
  file(REMOVE ${dir}/source/.git)
  file(REMOVE_RECURSE ${dir}/unpacking)
  file(TOUCH ${dir}/source.stamp)
endfunction()

# Builds libraries and programs into `dir`/`name` unless that was done. `options` as above.
function(llama_build dir name options)
  set(to ${dir}/${name})
  if(EXISTS ${to}/built.stamp)
    return()
  endif()
  llama_unpack(${dir})
  file(MAKE_DIRECTORY ${to})
  ProcessorCount(jobs)
  message(STATUS "llama.cpp: building it once into ${to} (about 6 minutes on 2 cores; ${to}/build.log)")
  # The project's own launcher is a command of many words, which a definition cannot carry.
  set(launchers "")
  if(CCACHE_PROGRAM)
    set(launchers -DCMAKE_C_COMPILER_LAUNCHER=${CCACHE_PROGRAM}
                  -DCMAKE_CXX_COMPILER_LAUNCHER=${CCACHE_PROGRAM})
  endif()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${dir}/source -B ${to}/build -G ${CMAKE_GENERATOR}
            -DCMAKE_C_COMPILER=${CMAKE_C_COMPILER} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}
            ${launchers} ${options}
    RESULT_VARIABLE result OUTPUT_FILE ${to}/build.log ERROR_FILE ${to}/build.log)
  if(NOT result)
    execute_process(
      COMMAND ${CMAKE_COMMAND} --build ${to}/build --parallel ${jobs}
              --target llama llama-common ${llama_programs}
      RESULT_VARIABLE result OUTPUT_FILE ${to}/make.log ERROR_FILE ${to}/make.log)
  endif()
  if(result)
    execute_process(COMMAND tail -n 15 ${to}/build.log ${to}/make.log OUTPUT_VARIABLE words ERROR_QUIET)
    message(NOTICE "${words}")
    message(FATAL_ERROR "llama.cpp: its build failed: see ${to}/build.log and ${to}/make.log, or configure "
                        "with -DPINGJIA_LLAMA=OFF")
  endif()
  file(GLOB_RECURSE libraries ${to}/build/*.a)
  file(COPY ${libraries} DESTINATION ${to}/lib)
  foreach(program IN LISTS llama_programs)
    file(COPY ${to}/build/bin/${program} DESTINATION ${to}/bin)
  endforeach()
  file(REMOVE_RECURSE ${to}/build)
  file(TOUCH ${to}/built.stamp)
endfunction()

# Target pingjia_llama of what was built in `dir`/`name`.
function(llama_target dir name)
  set(files "")
  foreach(library IN LISTS llama_libraries)
    list(APPEND files ${dir}/${name}/lib/lib${library}.a)
  endforeach()
  if(name MATCHES "^cuda")
    list(APPEND files ${dir}/${name}/lib/libggml-cuda.a CUDA::cudart CUDA::cublas CUDA::cuda_driver)
  endif()
  add_library(pingjia_llama INTERFACE)
  # SYSTEM: our warnings are for our code.
  target_include_directories(pingjia_llama SYSTEM INTERFACE
    ${dir}/source/include ${dir}/source/ggml/include ${dir}/source/common)
  target_link_libraries(pingjia_llama INTERFACE
    -Wl,--start-group ${files} -Wl,--end-group Threads::Threads ${CMAKE_DL_LIBS} m)
  target_compile_definitions(pingjia_llama INTERFACE PINGJIA_LLAMA_PACKAGE="${LLAMA_PIN_VERSION}")
  foreach(program IN LISTS llama_programs)
    file(MAKE_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
    file(CREATE_LINK ${dir}/${name}/bin/${program} ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/${program} SYMBOLIC)
  endforeach()
endfunction()

# The one call: afterwards the target pingjia_llama is there.
function(pingjia_provide_llama)
  llama_cache_dir(dir)
  llama_build_options(options name)
  if(NOT EXISTS ${dir}/${name}/built.stamp)
    file(MAKE_DIRECTORY ${dir})
    file(LOCK ${dir}/lock GUARD FUNCTION TIMEOUT 0 RESULT_VARIABLE busy)
    if(busy)
      message(STATUS "llama.cpp: another configure is building it: waiting")
      file(LOCK ${dir}/lock GUARD FUNCTION TIMEOUT 3600)
    endif()
    llama_build(${dir} ${name} "${options}")
  endif()
  llama_target(${dir} ${name})
endfunction()
