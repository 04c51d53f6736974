"""Stands in for the archive's build backend while pip downloads it.

`pip download` asks a source archive's backend for the package's metadata, although we only want the
bytes. The real backend would have to be fetched and would run for half a minute; this one answers from
the archive's own PKG-INFO, so that nothing of the archive runs.
"""
import pathlib
import shutil


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = pathlib.Path(metadata_directory) / "llama_cpp_python.dist-info"
    folder.mkdir()
    shutil.copy("PKG-INFO", folder / "METADATA")
    return folder.name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    raise RuntimeError("this backend only lets pip download the archive")
