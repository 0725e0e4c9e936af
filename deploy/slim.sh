#!/bin/sh
# slim.sh SITE_PACKAGES - takes out of an image's packages what no service ever loads.
# deploy/selftest.py, which the build runs afterwards, fails where it took too much.
set -eu
cd "$1"

# Debug symbols: a quarter of all shared objects. Not in *.libs, whose libraries were patched when
# their wheels were made: strip would leave them misaligned.
find . -name '*.so*' -type f ! -path '*.libs/*' -exec strip --strip-unneeded {} +
# Tests and stubs that came along.
find . -type d -name tests -prune -exec rm -rf {} +
find . -name '*.pyi' -delete
# The C library, of which the Python module holds a copy; tools for making models.
rm -rf onnxruntime/capi/libonnxruntime.so.* onnxruntime/backend onnxruntime/datasets \
  onnxruntime/quantization onnxruntime/tools onnxruntime/transformers
# tokenizers names it for downloading models; ours are in the package.
rm -rf huggingface_hub* hf_xet*
# Suites for those who write dialects; a Fortran compiler's front end.
rm -rf sqlalchemy/testing numpy/f2py
# Names of months and currencies in 700 languages; courlan, the only user, asks for codes.
find babel/locale-data -name '*.dat' ! -name root.dat ! -name 'en*.dat' -delete
