// A target needs a source; the precompiled headers are what these are for (cmake/precompiled.cmake).
